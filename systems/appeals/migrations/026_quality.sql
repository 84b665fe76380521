-- +goose Up
-- How good the data of each channel was (数据质量), by day and by month: computed every
-- night and kept for the trend; it can be made again from the rows.
CREATE TABLE channel_quality (
  period  TEXT   NOT NULL,             -- 2026-11-26, 2026-11
  channel TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  points  DOUBLE PRECISION NOT NULL,
  rate    DOUBLE PRECISION NOT NULL,
  rank    BIGINT NOT NULL,
  PRIMARY KEY (channel, period)
);
-- Appeals whose attachments were destroyed when their time was over (保存期限).
CREATE TABLE attachment_destroyed (
  appeal BIGINT PRIMARY KEY,
  at     BIGINT NOT NULL
);
-- +goose Down
DROP TABLE attachment_destroyed;
DROP TABLE channel_quality;
