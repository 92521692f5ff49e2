package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError words what the command line's flags cannot be.
func flagError(c *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return err
	}
	name, value := "--"+bad.GetFlag().Name, bad.GetValue()
	var worded *unfit
	switch {
	case errors.As(err, &worded):
		return usage(c, "%s %q %s", name, value, worded.why)
	case bad.GetFlag().Value.Type() == "bool":
		return usage(c, "%s %q is neither true nor false", name, value)
	}
	return usage(c, "%s %q is not understood", name, value)
}

// unfit says what is wrong with the value of a flag.
type unfit struct{ why string }

func (u *unfit) Error() string { return u.why }

// wholeNumber is a flag of 1 or more.
type wholeNumber int

func (n *wholeNumber) String() string { return strconv.Itoa(int(*n)) }
func (n *wholeNumber) Type() string   { return "int" }

func (n *wholeNumber) Set(text string) error {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return &unfit{"is not a whole number of 1 or more"}
	}
	*n = wholeNumber(number)
	return nil
}

// patience is a flag for how long something is waited for.
type patience time.Duration

func (p *patience) Type() string { return "duration" }

func (p *patience) String() string {
	if *p == 0 {
		return "" // which --help does not show
	}
	return time.Duration(*p).String()
}

func (p *patience) Set(text string) error {
	if number, err := strconv.Atoi(text); err == nil && number > 0 {
		return &unfit{fmt.Sprintf("has no unit: write %ds", number)}
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return &unfit{"is no time: write 30s or 5m"}
	}
	*p = patience(d)
	return nil
}
