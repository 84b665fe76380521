-- +goose Up
CREATE TABLE vault_person (
  id          BIGINT PRIMARY KEY,
  suite       TEXT   NOT NULL,      -- what the person's values are sealed with
  key_id      TEXT   NOT NULL,      -- the key that wraps the person's key
  wrapped_key BYTEA,                -- NULL once erased: nothing below can be read again
  masked_name TEXT   NOT NULL,
  masked_phone TEXT  NOT NULL,
  created_at  BIGINT NOT NULL,
  erased_at   BIGINT
);
-- What identifies the person, sealed under the person's key.
CREATE TABLE vault_field (
  person BIGINT NOT NULL,
  kind   TEXT   NOT NULL,           -- name, phone, id_number, email, address
  sealed BYTEA  NOT NULL,
  PRIMARY KEY (person, kind)
);
-- Exact look-up by keyed hash.
CREATE TABLE vault_lookup (
  kind   TEXT   NOT NULL,
  digest BYTEA  NOT NULL,
  person BIGINT NOT NULL,
  PRIMARY KEY (kind, digest, person)
);
CREATE INDEX vault_lookup_person ON vault_lookup (person);
-- What the person wrote, word for word, sealed under the person's key.
CREATE TABLE vault_text (
  id     BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  object TEXT   NOT NULL,           -- what it belongs to: "matter/123"
  sealed BYTEA  NOT NULL
);
CREATE INDEX vault_text_person ON vault_text (person);
-- Who looked, and why: shown to the person concerned.
CREATE TABLE vault_reveal (
  id     BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  actor  BIGINT,
  unit   TEXT   NOT NULL,
  object TEXT   NOT NULL,
  what   TEXT   NOT NULL,
  reason TEXT   NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX vault_reveal_person ON vault_reveal (person, id);
-- +goose Down
DROP TABLE vault_reveal;
DROP TABLE vault_text;
DROP TABLE vault_lookup;
DROP TABLE vault_field;
DROP TABLE vault_person;
