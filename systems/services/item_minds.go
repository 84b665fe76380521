package services

import (
	"errors"
	"io/fs"
	"sync/atomic"
)

// itemMinds is what the service keeps in mind of items: the pack's files, and what is dear
// to make again.
type itemMinds struct {
	book     atomic.Pointer[itemBook]
	synonyms atomic.Pointer[synonyms]
	names    nameProfiles
	rows     itemRows
}

// reloadItems takes over what the pack says of items.
func (s *Service) reloadItems(files fs.FS) error {
	b, err := readItemBook(files)
	y, yerr := readSynonyms(files)
	if err := errors.Join(err, yerr); err != nil {
		return err
	}
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
