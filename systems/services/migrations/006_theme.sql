-- +goose Up
-- Life events (一件事): themes, and their versions, which never change.
CREATE TABLE service_theme (
  id         BIGINT PRIMARY KEY,
  key        TEXT   NOT NULL UNIQUE,
  state      TEXT   NOT NULL,         -- published, retired
  version    INT    NOT NULL,
  hash       TEXT   NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE TABLE service_theme_version (
  theme   BIGINT NOT NULL,
  version INT    NOT NULL,
  hash    TEXT   NOT NULL,
  body    TEXT   NOT NULL,            -- JSON: the theme, the versions of its items, the merged form
  at      BIGINT NOT NULL,
  PRIMARY KEY (theme, version)
);
ALTER TABLE service_application ADD COLUMN theme BIGINT;  -- version is then the theme's, and item 0
ALTER TABLE service_application ADD COLUMN joint BIGINT;  -- made of a joint application
CREATE INDEX service_application_sent ON service_application (person, sent_at) WHERE state = 'sent';
-- Joint matters (联办件), and the cases of their members.
CREATE TABLE service_joint (
  id          BIGINT PRIMARY KEY,     -- the matter
  application BIGINT  NOT NULL UNIQUE,
  theme       BIGINT  NOT NULL,
  version     INT     NOT NULL,
  person      BOOLEAN NOT NULL,       -- a person shall decide
  accepted_by BIGINT,
  seq         INT     NOT NULL        -- whoever changes a member holds it
);
CREATE INDEX service_joint_theme ON service_joint (theme, version);
CREATE TABLE service_joint_member (
  joint       BIGINT  NOT NULL,
  key         TEXT    NOT NULL,       -- of the item
  n           INT     NOT NULL,
  item        BIGINT  NOT NULL,
  version     INT     NOT NULL,
  no          TEXT    NOT NULL,
  code        BYTEA   NOT NULL,
  state       TEXT    NOT NULL,       -- waiting, open, granted, denied, withdrawn, dropped
  why         TEXT    NOT NULL,       -- of dropped: producer, stage, all, withdrawn
  application BIGINT,
  matter      BIGINT,
  judge       BOOLEAN NOT NULL,       -- a decision pack is still to be asked
  PRIMARY KEY (joint, key)
);
CREATE INDEX service_joint_member_matter ON service_joint_member (matter);
CREATE INDEX service_joint_member_judge ON service_joint_member (joint) WHERE judge;
-- +goose Down
DROP TABLE service_joint_member;
DROP TABLE service_joint;
DROP INDEX service_application_sent;
ALTER TABLE service_application DROP COLUMN joint;
ALTER TABLE service_application DROP COLUMN theme;
DROP TABLE service_theme_version;
DROP TABLE service_theme;
