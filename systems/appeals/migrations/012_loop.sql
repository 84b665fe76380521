-- +goose Up
-- Rulings of the arbitrators (快处快裁), in the order in which they were given.
CREATE TABLE appeal_ruling (
  id          BIGINT PRIMARY KEY,
  appeal      BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  arbitrator  BIGINT NOT NULL,
  item        TEXT   NOT NULL,
  item_before TEXT   NOT NULL,
  unit        TEXT   NOT NULL,       -- the lead
  unit_before TEXT   NOT NULL,
  fallback    TEXT   NOT NULL,
  co_units    TEXT   NOT NULL,       -- JSON
  reason      TEXT   NOT NULL,       -- masked
  basis       TEXT   NOT NULL,
  precedent   BOOLEAN NOT NULL,
  draft       BIGINT,                -- the draft of the duty list that it was written into
  overturned_at BIGINT,
  overturned_to TEXT NOT NULL        -- whose it was, as the objection found
);
CREATE INDEX appeal_ruling_appeal ON appeal_ruling (appeal);
CREATE INDEX appeal_ruling_item ON appeal_ruling (item, at);
CREATE INDEX appeal_ruling_disputed ON appeal_ruling (item_before, at);
-- Every rating, the first included; none is ever changed.
CREATE TABLE appeal_rating (
  appeal    BIGINT NOT NULL,
  n         INT    NOT NULL,
  at        BIGINT NOT NULL,
  source    TEXT   NOT NULL,         -- citizen, visit
  unit      TEXT   NOT NULL,
  solved    TEXT   NOT NULL,
  contacted BOOLEAN,
  result    INT,
  manner    INT,
  speed     INT,
  PRIMARY KEY (appeal, n)
);
-- Alerts of the first rating (初次评价预警).
CREATE TABLE appeal_alert (
  appeal  BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  unit    TEXT   NOT NULL,
  reasons TEXT   NOT NULL,           -- JSON: dissatisfied, unsolved, no_contact, pressure
  ended_at BIGINT,
  outcome TEXT   NOT NULL,           -- remedied, lapsed, redone, justified, closed; "" while open
  PRIMARY KEY (appeal, at)
);
CREATE INDEX appeal_alert_open ON appeal_alert (at) WHERE ended_at IS NULL;
-- What leaders watch: major (重大件).
CREATE TABLE appeal_flag (
  appeal   BIGINT NOT NULL,
  flag     TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  actor    BIGINT,
  note     TEXT   NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (appeal, flag, at)
);
CREATE INDEX appeal_flag_open ON appeal_flag (flag, appeal) WHERE ended_at IS NULL;
-- How often each unit of a rotation (无主设施轮值) had its turn.
CREATE TABLE rotation_turn (
  rotation TEXT   NOT NULL,
  unit     TEXT   NOT NULL,
  n        BIGINT NOT NULL,
  PRIMARY KEY (rotation, unit)
);
-- Appeals that belong together, by kind: repeat (重复件), recurrence (反复件). A
-- merge (并案) is the matter's own.
CREATE TABLE appeal_link (
  appeal BIGINT NOT NULL,
  other  BIGINT NOT NULL,
  kind   TEXT   NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT,
  note   TEXT   NOT NULL,
  undone_at BIGINT,
  PRIMARY KEY (appeal, other, kind, at)
);
CREATE INDEX appeal_link_other ON appeal_link (other);
-- +goose Down
DROP TABLE appeal_link;
DROP TABLE rotation_turn;
DROP TABLE appeal_flag;
DROP TABLE appeal_alert;
DROP TABLE appeal_rating;
DROP TABLE appeal_ruling;
