-- +goose Up
-- Reports (日报、周报、月报、年报、专报), frozen as they were made: the paper, and each of
-- its figures with its query, window and data version. A report is never changed;
-- one that is made again is another row.
CREATE TABLE report (
  id       BIGINT PRIMARY KEY,
  kind     TEXT   NOT NULL,
  period   TEXT   NOT NULL,          -- 2026-11-26, 2026-W48, 2026-11, 2026
  about    TEXT   NOT NULL,          -- of a special report: what it is narrowed to, as JSON
  from_day TEXT   NOT NULL,          -- local day, included
  to_day   TEXT   NOT NULL,          -- local day, not included
  at       BIGINT NOT NULL,
  actor    BIGINT,                   -- none: made unattended
  title    TEXT   NOT NULL,
  body     TEXT   NOT NULL,          -- JSON
  position BIGINT NOT NULL,          -- how far the records went
  hash     TEXT   NOT NULL
);
CREATE INDEX report_kind ON report (kind, period);
CREATE TABLE report_figure (
  report   BIGINT NOT NULL REFERENCES report (id),
  n        BIGINT NOT NULL,
  figure   TEXT   NOT NULL,          -- of the pack's reports.yaml
  name     TEXT   NOT NULL,
  value    DOUBLE PRECISION,         -- none where the denominator is nothing
  query    TEXT   NOT NULL,          -- JSON
  line     TEXT   NOT NULL,          -- which line of its answer, as JSON
  position BIGINT NOT NULL,
  path     TEXT   NOT NULL,          -- of the list behind it, where a list can say it
  PRIMARY KEY (report, n)
);
-- What was done with a report; its state is the last line's.
CREATE TABLE report_event (
  id     BIGINT PRIMARY KEY,
  report BIGINT NOT NULL REFERENCES report (id),
  action TEXT   NOT NULL,
  at     BIGINT NOT NULL,
  actor  BIGINT NOT NULL,
  number TEXT   NOT NULL,
  note   TEXT   NOT NULL
);
CREATE INDEX report_event_report ON report_event (report);
-- +goose Down
DROP TABLE report_event;
DROP TABLE report_figure;
DROP TABLE report;
