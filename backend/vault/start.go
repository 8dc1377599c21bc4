package vault

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Start looks for the key without asking anybody and leaves the vault open or
// in the state that says what it needs. On a first run with an open keyring it
// makes the vault.
func (v *Vault) Start(ctx context.Context) {
	v.opening.Lock()
	defer v.opening.Unlock()
	defer v.once.Do(func() { close(v.settled) })
	if state, _ := v.State(); state == kite.VaultOpen {
		return
	}
	v.mu.Lock()
	v.provider = ""
	v.mu.Unlock()
	state, err := v.find(ctx)
	if state != kite.VaultOpen {
		v.askProvider()
	}
	if err != nil {
		v.Log.Warn("vault not opened", "state", string(state), "error", err)
	}
	v.mu.Lock()
	v.fresh = v.fresh && state != kite.VaultDataMissing
	v.mu.Unlock()
	if state != kite.VaultOpen {
		v.become(state)
	}
}

// askProvider finds out which keyring there is, once per Start: that costs a
// connection of its own, and only what goes wrong, or is new, needs it. Of a
// vault that opens the name in its slot will do.
func (v *Vault) askProvider() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.provider == "" {
		v.provider = v.Keyring.Provider()
	}
	return v.provider
}

// find returns VaultOpen once the key is in use.
func (v *Vault) find(ctx context.Context) (kite.VaultState, error) {
	record, err := v.Store.Vault(ctx)
	if err != nil {
		return kite.VaultFailed, fmt.Errorf("read vault: %w", err)
	}
	v.mu.Lock()
	v.fresh = record.VaultID == "" && len(record.Slots) == 0 && !record.HasSealedData
	v.mu.Unlock()
	switch {
	case slotOf(record, kite.KeyringSlot) != nil:
		return v.fromKeyring(ctx, record)
	case slotOf(record, kite.PassphraseSlot) != nil:
		return kite.VaultNeedsPassphrase, nil
	case record.VaultID != "" || record.HasSealedData:
		return kite.VaultKeyMissing, errors.New("sealed data, but no key slot")
	default:
		return v.firstRun(ctx)
	}
}

func slotOf(record kite.VaultRecord, kind kite.SlotKind) *kite.KeySlot {
	for i := range record.Slots {
		if record.Slots[i].Kind == kind {
			return &record.Slots[i]
		}
	}
	return nil
}

func (v *Vault) fromKeyring(ctx context.Context, record kite.VaultRecord) (kite.VaultState, error) {
	slot := slotOf(record, kite.KeyringSlot)
	entry, err := v.Keyring.Get(ctx, kekName(record.VaultID))
	if err != nil {
		return v.whyNot(err, slot), err
	}
	kek, err := decodeKEK(entry)
	if err != nil {
		return kite.VaultKeyMismatch, err
	}
	defer clear(kek)
	dataKey, err := envelope.Unwrap(kek, slot.WrappedKey, binding(record.VaultID, *slot))
	if err != nil {
		return kite.VaultKeyMismatch, err
	}
	v.mu.Lock()
	v.provider = slot.Provider
	v.mu.Unlock()
	return kite.VaultOpen, v.unlocked(dataKey, record.VaultID)
}

// whyNot tells a keyring that changed with the desktop from one whose entry
// was deleted by the provider that is shown.
func (v *Vault) whyNot(err error, slot *kite.KeySlot) kite.VaultState {
	if !errors.Is(err, kite.ErrKeyringNotFound) {
		return stateOf(err)
	}
	if provider := v.askProvider(); slot.Provider != provider {
		v.mu.Lock()
		v.provider = provider + ", in place of " + slot.Provider + ","
		v.mu.Unlock()
	}
	return stateOf(err)
}

// firstRun makes the vault. Its order lets a crash at any step leave either
// nothing or a working pair of entry and slot: the entry is read back before
// the slot is stored, and no secret is accepted before both are there. An
// orphaned entry under an unused vault id is harmless.
func (v *Vault) firstRun(ctx context.Context) (kite.VaultState, error) {
	marked, err := v.Keyring.Get(ctx, v.markerName())
	switch {
	case err == nil && !marked.Empty() && !v.IgnoreMarker:
		return kite.VaultDataMissing, errors.New("the keyring knows a vault of this data folder, the database doesn't")
	case errors.Is(err, kite.ErrKeyringAbsent):
		return kite.VaultNewPassphrase, nil
	case err != nil && !errors.Is(err, kite.ErrKeyringNotFound):
		return stateOf(err), err
	}
	vaultID, kek, dataKey := uuid.NewString(), envelope.NewKey(), envelope.NewKey()
	defer clear(kek)
	if err := v.storeKEK(ctx, vaultID, kek); err != nil {
		return stateOf(err), err
	}
	slot := kite.KeySlot{ID: uuid.NewString(), Kind: kite.KeyringSlot, Provider: v.askProvider(), CreatedAt: v.Clock.Now()}
	if slot.WrappedKey, err = envelope.Wrap(kek, dataKey, binding(vaultID, slot)); err != nil {
		return kite.VaultKeyMissing, err
	}
	return v.create(ctx, vaultID, slot, dataKey)
}

// create stores the slot and opens the vault. Where another process made the
// vault meanwhile, that one is opened.
func (v *Vault) create(ctx context.Context, vaultID string, slot kite.KeySlot, dataKey []byte) (kite.VaultState, error) {
	err := v.Store.CreateVault(ctx, vaultID, slot)
	if kite.ErrorCode(err) == kite.ECONFLICT {
		return v.find(ctx)
	}
	if err != nil {
		return kite.VaultFailed, fmt.Errorf("create vault: %w", err)
	}
	if slot.Kind == kite.KeyringSlot {
		if err := v.Keyring.Set(ctx, v.markerName(), kite.NewSecret(vaultID)); err != nil {
			v.Log.Warn("data folder not noted in the keyring", "error", err)
		}
	}
	v.Log.Info("vault created", "slot", string(slot.Kind))
	return kite.VaultOpen, v.unlocked(dataKey, vaultID)
}

func (v *Vault) storeKEK(ctx context.Context, vaultID string, kek []byte) error {
	entry := encodeKEK(kek)
	if err := v.Keyring.Set(ctx, kekName(vaultID), entry); err != nil {
		return fmt.Errorf("store key: %w", err)
	}
	back, err := v.Keyring.Get(ctx, kekName(vaultID))
	if err != nil {
		return fmt.Errorf("read key back: %w", err)
	}
	if !back.Equal(entry) {
		return fmt.Errorf("read key back: %w: another value came back", kite.ErrKeyringTimeout)
	}
	return nil
}

func kekName(vaultID string) string { return "vault/" + vaultID + "/kek/1" }

// markerName is the entry that says that this data folder has a vault.
func (v *Vault) markerName() string {
	sum := sha256.Sum256([]byte(v.Folder))
	return "data-folder/" + hex.EncodeToString(sum[:8])
}

const kekPrefix = "kek1:"

func encodeKEK(kek []byte) kite.Secret {
	return kite.NewSecret(kekPrefix + base64.StdEncoding.EncodeToString(kek))
}

func decodeKEK(entry kite.Secret) ([]byte, error) {
	text, ok := strings.CutPrefix(entry.Reveal(), kekPrefix)
	if !ok {
		return nil, errors.New("the keyring entry is not a key of ours")
	}
	kek, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(kek) != envelope.KeySize {
		return nil, errors.New("the keyring entry is not a key of ours")
	}
	return kek, nil
}

func binding(vaultID string, slot kite.KeySlot) envelope.SlotBinding {
	return envelope.SlotBinding{VaultID: vaultID, SlotID: slot.ID, Kind: string(slot.Kind), Provider: slot.Provider, KDF: slot.KDF}
}
