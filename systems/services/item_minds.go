package services

import (
	"errors"
	"io/fs"
	"sync/atomic"

	"shanzhi/core/pack"
)

// itemMinds is what the service keeps in mind of items: the pack's files, and what is dear
// to make again.
type itemMinds struct {
	book     atomic.Pointer[itemBook]
	synonyms atomic.Pointer[synonyms]
	code     atomic.Pointer[string] // of the district's division
	names    nameProfiles
	rows     itemRows
}

// reloadItems takes over what the pack says of items.
func (s *Service) reloadItems(files fs.FS) error {
	b, err := readItemBook(files)
	y, yerr := readSynonyms(files)
	m, merr := pack.ReadManifest(files)
	if err := errors.Join(err, yerr, merr); err != nil {
		return err
	}
	s.items.code.Store(&m.Division.Code)
	s.items.book.Store(b)
	s.items.synonyms.Store(y)
	return nil
}

// checkItemFiles says what is wrong with the pack's files of items.
func (s *Service) checkItemFiles(files fs.FS, l *lint) error {
	_, err := readItemBook(files)
	_, yerr := readSynonyms(files)
	if l == nil {
		return errors.Join(err, yerr)
	}
	items, _, ierr := readPackItems(files, l)
	if ierr != nil {
		return errors.Join(err, yerr) // said already
	}
	keys := map[string]bool{}
	for _, x := range items {
		keys[x.key] = true
	}
	_, ferr := readPackFlags(files, keys)
	return errors.Join(err, yerr, ferr)
}
