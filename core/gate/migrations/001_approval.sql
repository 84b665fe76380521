-- +goose Up
-- Downloads that somebody else must approve (下载审批): what is asked for, and what came
-- of it.
CREATE TABLE gate_download (
  id         BIGINT PRIMARY KEY,
  actor      BIGINT NOT NULL,
  unit       TEXT   NOT NULL,
  what       TEXT   NOT NULL,         -- appeals
  form       TEXT   NOT NULL,
  asked      TEXT   NOT NULL,         -- JSON: by which it is known again; without persons
  path       TEXT   NOT NULL,         -- where it is fetched
  n          BIGINT NOT NULL,         -- rows when it was asked for; one more than the bound means more
  reason     TEXT   NOT NULL,
  at         BIGINT NOT NULL,
  state      TEXT   NOT NULL,         -- asked, approved, refused, fetched
  decider    BIGINT,
  decided_at BIGINT,
  note       TEXT   NOT NULL,
  until      BIGINT,
  fetched_at BIGINT
);
CREATE INDEX gate_download_actor ON gate_download (actor, id);
CREATE INDEX gate_download_state ON gate_download (state, id);
-- +goose Down
DROP TABLE gate_download;
