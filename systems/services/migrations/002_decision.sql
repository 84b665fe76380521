-- +goose Up
-- Approvals whose facts are looked at again every night (批后复核). Keys and values lie
-- sealed under the key of the person.
CREATE TABLE decision_watch (
  decision   BIGINT PRIMARY KEY,
  pack       TEXT   NOT NULL,
  pack_hash  TEXT   NOT NULL,
  sealed     BIGINT NOT NULL,          -- vault text
  facts      INT    NOT NULL,          -- how many are watched
  since      BIGINT NOT NULL,
  checked_at BIGINT NOT NULL,
  changed    TEXT   NOT NULL,          -- names of facts that have changed, separated by ' '; '' none
  ended_at   BIGINT                    -- the benefit or licence ended, or the person was erased
);
CREATE INDEX decision_watch_due ON decision_watch (checked_at) WHERE ended_at IS NULL;
-- Searches for those who meet a pack's conditions without having applied (免申即享).
CREATE TABLE benefit_scan (
  id       BIGINT PRIMARY KEY,
  pack     TEXT   NOT NULL,
  version  INT    NOT NULL,
  at       BIGINT NOT NULL,
  by       BIGINT,
  source   TEXT   NOT NULL,            -- of the list of persons
  reason   TEXT   NOT NULL,
  seen     INT    NOT NULL,
  offered  INT    NOT NULL,
  had      INT    NOT NULL,            -- were offered already, have answered, or want none
  reasons  TEXT   NOT NULL,            -- JSON: why the others were not, counted
  ended_at BIGINT,
  failed   TEXT   NOT NULL
);
CREATE INDEX benefit_scan_pack ON benefit_scan (pack, id);
-- What is offered to a person, who confirms or not.
CREATE TABLE benefit_offer (
  id          BIGINT PRIMARY KEY,
  scan        BIGINT NOT NULL,
  pack        TEXT   NOT NULL,
  item        TEXT   NOT NULL,
  person      BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  sealed      BIGINT NOT NULL,         -- vault text: keys, facts and grant
  needs       TEXT   NOT NULL,         -- facts that the applicant still has to say, separated by ' '
  state       TEXT   NOT NULL,         -- offered, confirmed, declined, expired
  answered_at BIGINT,
  application BIGINT,                  -- what it became
  UNIQUE (pack, person)
);
CREATE INDEX benefit_offer_person ON benefit_offer (person);
CREATE INDEX benefit_offer_scan ON benefit_offer (scan, id);
-- Who wants no offers (不接受推送), for one pack or for all ('').
CREATE TABLE benefit_opt_out (
  person BIGINT NOT NULL,
  pack   TEXT   NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (person, pack)
);
-- +goose Down
DROP TABLE benefit_opt_out;
DROP TABLE benefit_offer;
DROP TABLE benefit_scan;
DROP TABLE decision_watch;
