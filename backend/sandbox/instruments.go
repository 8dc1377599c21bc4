package sandbox

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// company is one share, listed on both exchanges. Symbols, codes and ISINs are
// real; prices are invented.
type company struct {
	symbol, name, isin string
	nse, bse           uint32 // the exchanges' own codes
	rupees             int64  // what yesterday closed at
}

var companies = []company{
	{"HDFCBANK", "HDFC BANK", "INE040A01034", 1333, 500180, 1620},
	{"ICICIBANK", "ICICI BANK", "INE090A01021", 4963, 532174, 1285},
	{"INFY", "INFOSYS", "INE009A01021", 1594, 500209, 1540},
	{"ITC", "ITC", "INE154A01025", 1660, 500875, 425},
	{"ONGC", "OIL AND NATURAL GAS CORP.", "INE213A01029", 2475, 500312, 262},
	{"RELIANCE", "RELIANCE INDUSTRIES", "INE002A01018", 2885, 500325, 1390},
	{"SBIN", "STATE BANK OF INDIA", "INE062A01020", 3045, 500112, 805},
	{"TATASTEEL", "TATA STEEL", "INE081A01020", 3499, 500470, 165},
	{"TCS", "TATA CONSULTANCY SERV LT", "INE467B01029", 11536, 532540, 3510},
	{"WIPRO", "WIPRO", "INE075A01022", 3787, 507685, 248},
}

// listing is where an instrument is found: an exchange and a symbol.
type listing struct{ exchange, symbol string }

// instrument is a share on one exchange.
type instrument struct {
	listing
	token          uint32
	exchangeToken  uint32
	name, isin     string
	closed, opened paise // yesterday's close, and the first price of the sandbox
}

// tick is the step of prices: 5 paise.
const tick paise = 5

// The low byte of an instrument token is the exchange.
const (
	nseSegment = 1
	bseSegment = 4
)

// universe is all that can be traded, in the order of GET /instruments.
var universe, byListing = list(companies)

func list(companies []company) ([]instrument, map[listing]instrument) {
	var all []instrument
	found := map[listing]instrument{}
	for _, exchange := range []string{"NSE", "BSE"} {
		for _, c := range companies {
			code, segment := c.nse, uint32(nseSegment)
			if exchange == "BSE" {
				code, segment = c.bse, bseSegment
			}
			at := listing{exchange, c.symbol}
			closed := paise(c.rupees * 100)
			i := instrument{
				listing: at, token: code<<8 | segment, exchangeToken: code, name: c.name, isin: c.isin,
				closed: closed, opened: closed + tick*paise(int(derive("price", exchange+":"+c.symbol)[0]%41)-20),
			}
			all = append(all, i)
			found[at] = i
		}
	}
	return all, found
}

var instrumentColumns = []string{
	"instrument_token", "exchange_token", "tradingsymbol", "name", "last_price", "expiry",
	"strike", "tick_size", "lot_size", "instrument_type", "segment", "exchange",
}

// handleInstruments streams the list as CSV, gzipped if the client takes that:
// https://kite.trade/docs/connect/v3/market-quotes/#instruments.
func (s *Server) handleInstruments(w http.ResponseWriter, r *http.Request, _ User) {
	exchange := r.PathValue("exchange")
	if exchange != "" && exchange != "NSE" && exchange != "BSE" {
		s.fail(w, r, invalid("exchange"))
		return
	}
	w.Header().Set("Content-Type", "text/csv")
	var out io.Writer = w
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		zipped := gzip.NewWriter(w)
		defer zipped.Close() //nolint:errcheck // the client went away
		out = zipped
	}
	if err := writeInstruments(out, exchange); err != nil {
		s.log.Debug("instruments not sent", "error", err)
	}
}

func writeInstruments(w io.Writer, exchange string) error {
	rows := csv.NewWriter(w)
	if err := rows.Write(instrumentColumns); err != nil {
		return err
	}
	for _, i := range universe {
		if exchange != "" && i.exchange != exchange {
			continue
		}
		if err := rows.Write([]string{
			strconv.FormatUint(uint64(i.token), 10), strconv.FormatUint(uint64(i.exchangeToken), 10), i.symbol, i.name,
			"0", "", "0", tick.String(), "1", "EQ", i.exchange, i.exchange,
		}); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}
