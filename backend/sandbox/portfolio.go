package sandbox

import (
	"net/http"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// holdingRow is field by field as Kite's:
// https://kite.trade/docs/connect/v3/portfolio/#holdings.
type holdingRow struct {
	TradingSymbol       string         `json:"tradingsymbol"`
	Exchange            string         `json:"exchange"`
	InstrumentToken     uint32         `json:"instrument_token"`
	ISIN                string         `json:"isin"`
	Product             string         `json:"product"`
	Price               paise          `json:"price"`
	Quantity            int64          `json:"quantity"`
	UsedQuantity        int64          `json:"used_quantity"`
	T1Quantity          int64          `json:"t1_quantity"`
	RealisedQuantity    int64          `json:"realised_quantity"`
	AuthorisedQuantity  int64          `json:"authorised_quantity"`
	AuthorisedDate      string         `json:"authorised_date"`
	Authorisation       map[string]any `json:"authorisation"`
	OpeningQuantity     int64          `json:"opening_quantity"`
	ShortQuantity       int64          `json:"short_quantity"`
	CollateralQuantity  int64          `json:"collateral_quantity"`
	CollateralType      string         `json:"collateral_type"`
	Discrepancy         bool           `json:"discrepancy"`
	AveragePrice        float64        `json:"average_price"`
	LastPrice           paise          `json:"last_price"`
	ClosePrice          paise          `json:"close_price"`
	PnL                 float64        `json:"pnl"`
	DayChange           paise          `json:"day_change"`
	DayChangePercentage float64        `json:"day_change_percentage"`
	MTF                 mtfRow         `json:"mtf"`
}

// mtfRow is of shares bought on margin, which nobody in the sandbox does.
type mtfRow struct {
	Quantity      int64 `json:"quantity"`
	UsedQuantity  int64 `json:"used_quantity"`
	AveragePrice  paise `json:"average_price"`
	Value         paise `json:"value"`
	InitialMargin paise `json:"initial_margin"`
}

// row shows a holding less what was sold of it today.
func (h *holding) row(sold int64, last paise, now time.Time) holdingRow {
	i, left, average := h.instrument, h.quantity-sold, ratio(h.cost, h.quantity)
	change := last - i.closed
	return holdingRow{
		TradingSymbol: i.symbol, Exchange: i.exchange, InstrumentToken: i.token, ISIN: i.isin, Product: delivery,
		Quantity: left, UsedQuantity: sold, RealisedQuantity: left, OpeningQuantity: h.quantity,
		AuthorisedDate: now.In(kite.IST).Format(time.DateOnly) + " 00:00:00", Authorisation: map[string]any{},
		AveragePrice: average, LastPrice: last, ClosePrice: i.closed, PnL: (last.rupees() - average) * float64(left),
		DayChange: change, DayChangePercentage: change.rupees() / i.closed.rupees() * 100,
	}
}

// positionRow is field by field as Kite's:
// https://kite.trade/docs/connect/v3/portfolio/#positions. Kite shows all
// profit as unrealised.
type positionRow struct {
	TradingSymbol     string  `json:"tradingsymbol"`
	Exchange          string  `json:"exchange"`
	InstrumentToken   uint32  `json:"instrument_token"`
	Product           string  `json:"product"`
	Quantity          int64   `json:"quantity"`
	OvernightQuantity int64   `json:"overnight_quantity"`
	Multiplier        int64   `json:"multiplier"`
	AveragePrice      float64 `json:"average_price"`
	ClosePrice        paise   `json:"close_price"`
	LastPrice         paise   `json:"last_price"`
	Value             paise   `json:"value"`
	PnL               paise   `json:"pnl"`
	M2M               paise   `json:"m2m"`
	Unrealised        paise   `json:"unrealised"`
	Realised          paise   `json:"realised"`
	BuyQuantity       int64   `json:"buy_quantity"`
	BuyPrice          float64 `json:"buy_price"`
	BuyValue          paise   `json:"buy_value"`
	BuyM2M            paise   `json:"buy_m2m"`
	SellQuantity      int64   `json:"sell_quantity"`
	SellPrice         float64 `json:"sell_price"`
	SellValue         paise   `json:"sell_value"`
	SellM2M           paise   `json:"sell_m2m"`
	DayBuyQuantity    int64   `json:"day_buy_quantity"`
	DayBuyPrice       float64 `json:"day_buy_price"`
	DayBuyValue       paise   `json:"day_buy_value"`
	DaySellQuantity   int64   `json:"day_sell_quantity"`
	DaySellPrice      float64 `json:"day_sell_price"`
	DaySellValue      paise   `json:"day_sell_value"`
}

func (p *position) row(last paise) positionRow {
	i, bought, sold := p.instrument, ratio(p.boughtFor, p.bought), ratio(p.soldFor, p.sold)
	value := p.soldFor - p.boughtFor
	pnl := value + paise(p.net())*last
	r := positionRow{
		TradingSymbol: i.symbol, Exchange: i.exchange, InstrumentToken: i.token, Product: p.product,
		Quantity: p.net(), Multiplier: 1, LastPrice: last, Value: value, PnL: pnl, M2M: pnl, Unrealised: pnl,
		BuyQuantity: p.bought, BuyPrice: bought, BuyValue: p.boughtFor, BuyM2M: p.boughtFor,
		SellQuantity: p.sold, SellPrice: sold, SellValue: p.soldFor, SellM2M: p.soldFor,
		DayBuyQuantity: p.bought, DayBuyPrice: bought, DayBuyValue: p.boughtFor,
		DaySellQuantity: p.sold, DaySellPrice: sold, DaySellValue: p.soldFor,
	}
	switch {
	case p.net() > 0:
		r.AveragePrice = bought
	case p.net() < 0:
		r.AveragePrice = sold
	}
	return r
}

func (s *Server) handleHoldings(w http.ResponseWriter, r *http.Request, user User) {
	rows := []holdingRow{}
	s.desk.read(user.UserID, func(b *book) {
		for _, h := range b.holdings {
			rows = append(rows, h.row(b.soldToday(h), s.desk.last[h.instrument.listing], s.Clock.Now()))
		}
	})
	s.succeed(w, r, rows)
}

// handlePositions shows the same rows as net and as day: nothing is carried
// over night.
func (s *Server) handlePositions(w http.ResponseWriter, r *http.Request, user User) {
	rows := []positionRow{}
	s.desk.read(user.UserID, func(b *book) {
		for _, p := range b.positions {
			rows = append(rows, p.row(s.desk.last[p.instrument.listing]))
		}
	})
	s.succeed(w, r, map[string]any{"net": rows, "day": rows})
}
