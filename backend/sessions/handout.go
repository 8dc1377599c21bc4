package sessions

import (
	"context"
	"fmt"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Handout returns the account's living session with its token; ENOSESSION if
// the account never had one, EENDED if the last one is over, ELOCKED. It isn't
// recorded: the caller says with RecordExport to whom it went.
func (s *Service) Handout(ctx context.Context, accountID string) (kite.Handout, error) {
	l, err := s.living(ctx, accountID)
	if err != nil {
		return kite.Handout{}, fmt.Errorf("hand out session: %w", err)
	}
	return kite.Handout{Account: l.account, Session: l.session, App: l.app, Access: l.access}, nil
}
