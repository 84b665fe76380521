-- +goose Up
-- The board counts a month's ratings from the index alone.
DROP INDEX IF EXISTS appeal_rated;
CREATE INDEX appeal_rated ON appeal (rated_at, solved, score_result) WHERE rated_at IS NOT NULL;
-- The words that we write need no other tokenizer than ascii, which is a fifth
-- faster: the index is made again, by whoever leads, from the row that next says.
CREATE TABLE search_remake (next BIGINT NOT NULL);
--:sqlite INSERT INTO search_remake SELECT 0 WHERE EXISTS (SELECT 1 FROM appeal);
--:sqlite DROP TABLE appeal_search;
--:sqlite CREATE VIRTUAL TABLE appeal_search USING fts5(tokens, content='', contentless_delete=1, tokenize="ascii", detail=none);
-- +goose Down
DROP TABLE search_remake;
DROP INDEX appeal_rated;
CREATE INDEX appeal_rated ON appeal (rated_at) WHERE rated_at IS NOT NULL;
