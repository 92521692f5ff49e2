package rows

import (
	"bufio"
	"errors"
	"io"
)

// flow is what goes into one table, from the master to the standby.
type flow struct {
	*difference
	reader *io.PipeReader
	writer *io.PipeWriter
}

var errSinkEnded = errors.New("the copy ended")

// wanted asks for the rows that come, lines writes them as COPY takes them.
func (f flow) wanted() []query { return f.pieces(f.table.fetch(), f.changed, f.fresh) }

func (f flow) lines(from *answers, to io.Writer) error {
	var line []byte
	for range f.wanted() {
		if _, good := from.next(func(row [][]byte) error {
			line = appendCopy(line[:0], row)
			_, err := to.Write(line)
			return err
		}); !good {
			return from.end()
		}
	}
	return nil
}

// fill has a source write into a copy to the standby, unless something failed
// before. A source that fails ends the copy with its error: a pipe that is
// closed without one would commit a part of the rows.
func (f flow) fill(failed error, source func(to io.Writer) error) error {
	buffer := bufio.NewWriterSize(f.writer, 64<<10)
	if failed == nil {
		failed = source(buffer)
	}
	if failed == nil {
		failed = buffer.Flush()
	}
	f.writer.CloseWithError(failed) // nil: the end of the rows
	return failed
}
