-- +goose Up
-- Applications (申请): drafts and what was sent. What the applicant said lies in the vault.
CREATE TABLE service_application (
  id           BIGINT PRIMARY KEY,
  item         BIGINT NOT NULL,
  version      INT    NOT NULL,
  person       BIGINT NOT NULL,
  channel      TEXT   NOT NULL,       -- phone, window, kiosk, post
  assisted_by  BIGINT,                -- account that filled it in with the applicant (辅助申报)
  consent      TEXT   NOT NULL,       -- what the applicant agreed to: JSON {scope: at}
  state        TEXT   NOT NULL,       -- draft, sent, discarded
  seq          INT    NOT NULL,
  said         BIGINT NOT NULL,       -- vault_text: situation, answers, their sources
  materials    TEXT   NOT NULL,       -- JSON: material → files
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  sent_at      BIGINT,
  matter       BIGINT
);
CREATE INDEX service_application_person ON service_application (person, id);
CREATE INDEX service_application_draft ON service_application (updated_at) WHERE state = 'draft';
-- Cases (办件): beside the matter, what it is about. History is the matter's events.
CREATE TABLE service_case (
  id           BIGINT PRIMARY KEY,    -- the matter
  application  BIGINT NOT NULL UNIQUE,
  item         BIGINT NOT NULL,
  version      INT    NOT NULL,       -- of the item; never changes
  code         BYTEA  NOT NULL,       -- keyed hash: with the number it opens the progress
  channel      TEXT   NOT NULL,
  ext          INT    NOT NULL,       -- external state (办件状态), 1..16
  accepted_at  BIGINT,                -- when acceptance counts from
  deemed       BOOLEAN NOT NULL,      -- accepted because nobody said otherwise (逾期视为受理)
  decision     BIGINT,                -- of an instant approval
  automatic    BOOLEAN NOT NULL,      -- nobody touched it
  decided_at   BIGINT,
  accepted_by  BIGINT,
  proposed_by  BIGINT,
  noticed      TEXT   NOT NULL        -- JSON: what the notices asked for, by round
);
CREATE UNIQUE INDEX service_case_code ON service_case (code);
CREATE INDEX service_case_item ON service_case (item, id);
-- The external states that a case went through, as the province is told.
CREATE TABLE service_case_step (
  matter BIGINT NOT NULL,
  seq    INT    NOT NULL,             -- of the matter's event
  n      INT    NOT NULL,             -- an event may bring several
  ext    INT    NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (matter, seq, n)
);
-- Materials of a case and how each stands.
CREATE TABLE service_case_material (
  matter   BIGINT NOT NULL,
  material TEXT   NOT NULL,
  state    TEXT   NOT NULL,           -- got, fetched, made, promised, owed, missing
  files    TEXT   NOT NULL,           -- JSON
  round    INT    NOT NULL,           -- in which correction it was last brought; 0 with the application
  at       BIGINT NOT NULL,
  PRIMARY KEY (matter, material)
);
-- Documents (文书): numbered when they are asked for, made right after by a follower.
CREATE TABLE service_document (
  id      BIGINT PRIMARY KEY,
  matter  BIGINT NOT NULL,
  seq     INT    NOT NULL,            -- of the event that asked for it
  kind    TEXT   NOT NULL,
  no      TEXT   NOT NULL UNIQUE,
  at      BIGINT NOT NULL,
  data    TEXT   NOT NULL,            -- JSON, masked: what it says beyond the case
  file    TEXT,                       -- none until it is made
  sha256  TEXT,
  receipt TEXT,                       -- of who sealed it
  made_at BIGINT
);
CREATE INDEX service_document_matter ON service_document (matter, id);
CREATE INDEX service_document_due ON service_document (id) WHERE made_at IS NULL;
-- Licences (证照) and what befell them.
CREATE TABLE service_licence (
  id         BIGINT PRIMARY KEY,
  identifier TEXT   NOT NULL UNIQUE,  -- 证照标识, GB/T 36904-2018
  token      TEXT   NOT NULL UNIQUE,  -- opens the page that verifies it
  type       TEXT   NOT NULL,
  name       TEXT   NOT NULL,         -- JSON text
  no         TEXT   NOT NULL,         -- 证照编号, what people quote
  issuer     TEXT   NOT NULL,         -- unit
  matter     BIGINT NOT NULL,
  item       BIGINT NOT NULL,
  person     BIGINT NOT NULL,
  holder     TEXT   NOT NULL,         -- masked
  shown      BIGINT NOT NULL,         -- vault_text: what stands on it
  version    INT    NOT NULL,
  from_day   TEXT   NOT NULL,
  to_day     TEXT   NOT NULL,         -- '' for good
  status     TEXT   NOT NULL,         -- valid, suspended, recalled, revoked, cancelled, replaced
  seq        INT    NOT NULL,
  issued_at  BIGINT NOT NULL
);
CREATE INDEX service_licence_person ON service_licence (person, id);
CREATE INDEX service_licence_matter ON service_licence (matter);
CREATE TABLE service_licence_event (
  licence BIGINT NOT NULL,
  seq     INT    NOT NULL,
  at      BIGINT NOT NULL,
  actor   BIGINT,
  kind    TEXT   NOT NULL,            -- issue, suspend, resume, recall, revoke, cancel
  reason  TEXT   NOT NULL,
  PRIMARY KEY (licence, seq)
);
CREATE INDEX service_licence_event_at ON service_licence_event (at);
-- Bills (收费).
CREATE TABLE service_bill (
  id         BIGINT PRIMARY KEY,
  matter     BIGINT NOT NULL,
  amount     BIGINT NOT NULL,         -- fen
  name       TEXT   NOT NULL,
  basis      TEXT   NOT NULL,
  state      TEXT   NOT NULL,         -- due, paid, waived, refunded
  pay        TEXT,                    -- what the payment platform knows it by
  receipt    TEXT,
  reason     TEXT   NOT NULL,         -- of a waiver or refund
  at         BIGINT NOT NULL,
  settled_at BIGINT
);
CREATE INDEX service_bill_matter ON service_bill (matter);
-- +goose Down
DROP TABLE service_bill;
DROP TABLE service_licence_event;
DROP TABLE service_licence;
DROP TABLE service_document;
DROP TABLE service_case_material;
DROP TABLE service_case_step;
DROP TABLE service_case;
DROP TABLE service_application;
