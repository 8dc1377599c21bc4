package sandbox

import (
	"math"
	"strconv"
)

// paise is an amount of money, exact: sums of fills must add up.
type paise int64

// MarshalJSON writes rupees, as Kite does.
func (p paise) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, p.rupees(), 'f', -1, 64), nil
}

func (p paise) rupees() float64 { return float64(p) / 100 }

// String is rupees with two decimals, as in Kite's messages.
func (p paise) String() string { return strconv.FormatFloat(p.rupees(), 'f', 2, 64) }

// toPaise rounds rupees. It is false for what is no price: negative, not a
// number, or beyond maxPrice.
func toPaise(rupees float64) (paise, bool) {
	if !(rupees >= 0 && rupees <= maxPrice) {
		return 0, false
	}
	return paise(math.Round(rupees * 100)), true
}

// ratio is a / b, and 0 where Kite shows 0 for nothing.
func ratio(a paise, quantity int64) float64 {
	if quantity == 0 {
		return 0
	}
	return a.rupees() / float64(quantity)
}

// share is the part of an amount that so much of the whole quantity makes up,
// rounded to a paisa.
func share(whole paise, part, quantity int64) paise {
	if quantity == 0 {
		return 0
	}
	return paise(math.Round(float64(whole) * float64(part) / float64(quantity)))
}
