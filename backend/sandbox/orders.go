package sandbox

import (
	"encoding/json"
	"net/http"
)

func (s *Server) orderRoutes() {
	s.mux.HandleFunc("GET /orders", s.api(s.authorised(s.handleOrders)))
	s.mux.HandleFunc("GET /orders/{id}", s.api(s.authorised(s.handleHistory)))
	s.mux.HandleFunc("GET /orders/{id}/trades", s.api(s.authorised(s.handleTrades)))
	s.mux.HandleFunc("GET /trades", s.api(s.authorised(s.handleTrades)))
	s.mux.HandleFunc("POST /orders/{variety}", s.api(s.authorised(s.limited(s.handlePlace))))
	s.mux.HandleFunc("PUT /orders/{variety}/{id}", s.api(s.authorised(s.limited(s.handleModify))))
	s.mux.HandleFunc("DELETE /orders/{variety}/{id}", s.api(s.authorised(s.limited(s.handleCancel))))
	s.mux.HandleFunc("POST /margins/orders", s.api(s.authorised(s.handleOrderMargins)))
	s.mux.HandleFunc("POST /margins/basket", s.api(s.authorised(s.handleBasketMargins)))
	s.mux.HandleFunc("GET /portfolio/holdings", s.api(s.authorised(s.handleHoldings)))
	s.mux.HandleFunc("GET /portfolio/positions", s.api(s.authorised(s.handlePositions)))
	s.mux.HandleFunc("GET /instruments", s.api(s.authorised(s.handleInstruments)))
	s.mux.HandleFunc("GET /instruments/{exchange}", s.api(s.authorised(s.handleInstruments)))
}

// limited counts the orders of a user, with whichever app they come.
func (s *Server) limited(next func(http.ResponseWriter, *http.Request, User)) func(http.ResponseWriter, *http.Request, User) {
	return func(w http.ResponseWriter, r *http.Request, user User) {
		if !s.allow("orders of " + user.UserID) {
			s.fail(w, r, tooMany)
			return
		}
		next(w, r, user)
	}
}

func (s *Server) handlePlace(w http.ResponseWriter, r *http.Request, user User) {
	form, p := readOrder(r.PathValue("variety"), r.PostForm)
	if p != nil {
		s.fail(w, r, *p)
		return
	}
	s.order(w, r, entry{Act: "place", UserID: user.UserID, Form: &form})
}

func (s *Server) handleModify(w http.ResponseWriter, r *http.Request, user User) {
	s.order(w, r, entry{Act: "modify", UserID: user.UserID, OrderID: r.PathValue("id"), Change: kept(r.PostForm)})
}

func (s *Server) handleCancel(w http.ResponseWriter, r *http.Request, user User) {
	s.order(w, r, entry{Act: "cancel", UserID: user.UserID, OrderID: r.PathValue("id")})
}

// order has the desk do it and answers with the order's ID.
func (s *Server) order(w http.ResponseWriter, r *http.Request, e entry) {
	if variety := r.PathValue("variety"); variety != regular {
		s.fail(w, r, invalid("variety"))
		return
	}
	id, p := s.desk.do(e)
	if p != nil {
		s.fail(w, r, *p)
		return
	}
	s.succeed(w, r, map[string]any{"order_id": id})
}

func (s *Server) handleOrders(w http.ResponseWriter, r *http.Request, user User) {
	rows := []orderRow{}
	s.desk.read(user.UserID, func(b *book) {
		for _, o := range b.orders {
			rows = append(rows, o.row())
		}
	})
	s.succeed(w, r, rows)
}

func (s *Server) handleHistory(w http.ResponseWriter, r *http.Request, user User) {
	var rows []orderRow
	s.desk.read(user.UserID, func(b *book) {
		if o := b.order(r.PathValue("id")); o != nil {
			rows = append(rows, o.history...)
		}
	})
	if rows == nil {
		s.fail(w, r, noSuchOrder)
		return
	}
	s.succeed(w, r, rows)
}

// handleTrades answers with the trades of the day, or those of one order.
func (s *Server) handleTrades(w http.ResponseWriter, r *http.Request, user User) {
	id, rows, known := r.PathValue("id"), []map[string]any{}, false
	s.desk.read(user.UserID, func(b *book) {
		known = id == "" || b.order(id) != nil
		for _, t := range b.trades {
			if id == "" || t.order.id == id {
				rows = append(rows, t.row())
			}
		}
	})
	if !known {
		s.fail(w, r, noSuchOrder)
		return
	}
	s.succeed(w, r, rows)
}

// handlePrice moves a price, and fills what waited for it.
func (s *Server) handlePrice(w http.ResponseWriter, r *http.Request) {
	var move priceMove
	if err := json.NewDecoder(r.Body).Decode(&move); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if _, p := s.desk.do(entry{Act: "price", Price: &move}); p != nil {
		http.Error(w, "exchange, tradingsymbol and last_price of a known instrument are needed", http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
