// Submits the TOTP after its last digit, as Kite does, and keeps the strip of
// the simulated user's credentials up to date.
const code = document.querySelector('input[data-digits]')
code?.addEventListener('input', () => {
  if (code.value.length === Number(code.dataset.digits)) code.form.requestSubmit()
})

const hints = document.querySelector('aside dl')
const userid = document.getElementById('userid')

async function refresh() {
  const user = userid ? userid.value : hints.dataset.user
  const answer = await fetch('/connect/hint?userid=' + encodeURIComponent(user))
  const hint = await answer.json()
  const password = document.getElementById('hint-password')
  const totp = document.getElementById('hint-totp')
  if (password) password.textContent = hint.password || 'enter a user ID'
  if (totp) totp.textContent = hint.totp
}

if (hints) {
  userid?.addEventListener('input', refresh)
  refresh()
  setInterval(refresh, 2000)
}
