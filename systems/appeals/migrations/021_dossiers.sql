-- +goose Up
-- Repeat-appeal files (重复诉求档案): the appeals about one and the same matter. What
-- happens to one is only appended to; the row is kept from its events.
CREATE TABLE dossier (
  id     BIGINT PRIMARY KEY,
  no     TEXT   NOT NULL UNIQUE,
  title  TEXT   NOT NULL,            -- masked
  about  TEXT   NOT NULL,            -- masked: which matter it is
  unit   TEXT   NOT NULL,            -- who answers for it
  state  TEXT   NOT NULL,            -- open, drafted, concluded, archived
  level  TEXT   NOT NULL,            -- conclusion, review, recheck: how far remedies went
  letter BIGINT,                     -- the newest letter
  seq    BIGINT NOT NULL,            -- its last event
  at     BIGINT NOT NULL
);
CREATE INDEX dossier_unit ON dossier (unit, id);
CREATE TABLE dossier_event (
  dossier BIGINT NOT NULL REFERENCES dossier (id),
  seq     BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  actor   BIGINT NOT NULL,
  unit    TEXT   NOT NULL,
  kind    TEXT   NOT NULL,
  letter  BIGINT,                    -- that was drafted, issued or referred to
  data    TEXT   NOT NULL,           -- JSON, masked
  PRIMARY KEY (dossier, seq)
);
-- Which appeals are in a file: an appeal is in one at most.
CREATE TABLE dossier_appeal (
  dossier BIGINT NOT NULL REFERENCES dossier (id),
  appeal  BIGINT NOT NULL,
  seq     BIGINT NOT NULL,           -- the event that added it
  removed BIGINT,                    -- the event that took it out
  PRIMARY KEY (dossier, appeal, seq)
);
CREATE UNIQUE INDEX dossier_appeal_one ON dossier_appeal (appeal) WHERE removed IS NULL;
-- Conclusion letters (办理结论意见书), each as it was drafted; none is changed. Which was
-- issued, and under which number, its file's events say.
CREATE TABLE dossier_letter (
  id         BIGINT PRIMARY KEY,
  dossier    BIGINT NOT NULL REFERENCES dossier (id),
  at         BIGINT NOT NULL,
  actor      BIGINT NOT NULL,
  facts      TEXT   NOT NULL,        -- masked, as the other texts
  basis      TEXT   NOT NULL,
  conclusion TEXT   NOT NULL,
  remedy     TEXT   NOT NULL,
  hash       TEXT   NOT NULL
);
CREATE INDEX dossier_letter_dossier ON dossier_letter (dossier);
-- To which appeals a letter went, and when its appellant read it: the term runs from then.
CREATE TABLE dossier_delivery (
  letter  BIGINT NOT NULL REFERENCES dossier_letter (id),
  appeal  BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  read_at BIGINT,
  PRIMARY KEY (letter, appeal)
);
CREATE INDEX dossier_delivery_appeal ON dossier_delivery (appeal);
-- +goose Down
DROP TABLE dossier_delivery;
DROP TABLE dossier_letter;
DROP TABLE dossier_appeal;
DROP TABLE dossier_event;
DROP TABLE dossier;
