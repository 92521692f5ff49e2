package rows

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// chunk is how many rows go in one statement.
const chunk = 2000

// write makes the standby's table what the master's is.
func (d *difference) write(ctx context.Context, master, standby *side) error {
	if d.all {
		if err := d.clear(ctx, standby); err != nil {
			return err
		}
		return d.copyAll(ctx, master, standby)
	}
	for _, k := range []keys{d.gone, d.changed} {
		if err := d.delete(ctx, standby, k); err != nil {
			return err
		}
	}
	for _, k := range []keys{d.changed, d.fresh} {
		if err := d.copyKeys(ctx, master, standby, k); err != nil {
			return err
		}
	}
	return nil
}

func (d *difference) clear(ctx context.Context, standby *side) (err error) {
	if d.standby > 0 {
		d.deleted, err = standby.stream(ctx, query{text: "DELETE FROM " + d.table.from()}, nil)
	}
	return err
}

func (d *difference) delete(ctx context.Context, standby *side, k keys) error {
	for at := 0; at < k.count(); at += chunk {
		deleted, err := standby.stream(ctx, query{d.table.remove(), k.part(at, min(at+chunk, k.count()))}, nil)
		if err != nil {
			return err
		}
		d.deleted += deleted
	}
	return nil
}

// copyKeys copies some rows.
func (d *difference) copyKeys(ctx context.Context, master, standby *side, k keys) error {
	for at := 0; at < k.count(); at += chunk {
		part := k.part(at, min(at+chunk, k.count()))
		if err := d.pipe(ctx, standby, func(to io.Writer) error {
			var line []byte
			_, err := master.stream(ctx, query{d.table.fetch(), part}, func(row [][]byte) error {
				line = appendCopy(line[:0], row)
				_, err := to.Write(line)
				return err
			})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// copyAll copies a whole table.
func (d *difference) copyAll(ctx context.Context, master, standby *side) error {
	return d.pipe(ctx, standby, func(to io.Writer) error {
		_, err := master.conn.PgConn().CopyTo(ctx, to, d.table.copyOut())
		return master.wrap(err)
	})
}

// pipe has a source write into a copy to the standby. A source that fails ends
// the copy with its error: a pipe that is closed without one would commit a part
// of the rows.
func (d *difference) pipe(ctx context.Context, standby *side, source func(to io.Writer) error) error {
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		buffer := bufio.NewWriterSize(writer, 64<<10)
		err := source(buffer)
		if err == nil {
			err = buffer.Flush()
		}
		writer.CloseWithError(err) // nil: the end of the rows
		ended <- err
	}()
	tag, err := standby.conn.PgConn().CopyFrom(ctx, reader, d.table.copyIn())
	reader.CloseWithError(errSinkEnded)
	if cause := <-ended; cause != nil && !errors.Is(cause, errSinkEnded) {
		return cause
	}
	d.inserted += tag.RowsAffected()
	return standby.wrap(err)
}

var errSinkEnded = errors.New("the copy ended")
