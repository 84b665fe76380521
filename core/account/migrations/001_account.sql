-- +goose Up
-- Organisation tree, dated: a unit has one row for each of its forms.
CREATE TABLE org_unit (
  code       TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  name_en    TEXT   NOT NULL,
  short      TEXT   NOT NULL,
  parent     TEXT   NOT NULL,
  kind       TEXT   NOT NULL,   -- district, platform, department, street, community, enterprise
  place      TEXT   NOT NULL,
  aliases    TEXT   NOT NULL,   -- separated by ";"
  valid_from BIGINT NOT NULL,
  valid_to   BIGINT,
  PRIMARY KEY (code, valid_from)
);
CREATE TABLE account (
  id         BIGINT PRIMARY KEY,
  kind       TEXT   NOT NULL,   -- staff, citizen, service
  login      TEXT   UNIQUE,     -- staff and services; citizens sign in by phone or identity
  name       TEXT   NOT NULL,   -- staff: as shown; citizens: masked
  person     BIGINT,            -- a citizen's entry in the vault
  unit       TEXT   NOT NULL,   -- home unit of staff
  password   TEXT   NOT NULL,   -- argon2id, PHC string form
  totp       BYTEA,             -- sealed secret of the second factor
  external   TEXT   UNIQUE,     -- "issuer subject" of an outside identity
  failures   INT    NOT NULL DEFAULT 0,
  locked_until BIGINT,
  disabled   BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL
);
CREATE INDEX account_person ON account (person);
CREATE TABLE role_grant (
  account    BIGINT NOT NULL,
  role       TEXT   NOT NULL,
  unit       TEXT   NOT NULL,   -- the subtree in which the role holds
  valid_to   BIGINT,
  PRIMARY KEY (account, role, unit)
);
CREATE TABLE session (
  token      BYTEA  PRIMARY KEY, -- SHA-256 of the token
  account    BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  agent      TEXT   NOT NULL,
  address    TEXT   NOT NULL
);
CREATE INDEX session_account ON session (account);
CREATE TABLE api_key (
  id         BIGINT PRIMARY KEY,
  secret     BYTEA  NOT NULL UNIQUE, -- SHA-256 of the key
  account    BIGINT NOT NULL,
  name       TEXT   NOT NULL,
  scopes     TEXT   NOT NULL,   -- separated by " "; "*" is all that the account may
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);
-- One-time codes sent to phones.
CREATE TABLE sign_in_code (
  digest     BYTEA  PRIMARY KEY, -- keyed hash of the phone
  code       BYTEA  NOT NULL,    -- keyed hash of phone and code
  expires_at BIGINT NOT NULL,
  tries      INT    NOT NULL DEFAULT 0,
  sent_at    BIGINT NOT NULL
);
-- +goose Down
DROP TABLE sign_in_code;
DROP TABLE api_key;
DROP TABLE session;
DROP TABLE role_grant;
DROP TABLE account;
DROP TABLE org_unit;
