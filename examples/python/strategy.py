"""A strategy that kitectl exec starts: it looks at its positions until the session ends.

    kitectl exec NAME -- python3 strategy.py [ROUNDS]
"""

import datetime
import json
import os
import sys
import time
import urllib.error
import urllib.request

ROOT = os.environ.get("KITE_API_ROOT", "https://api.kite.trade")
HEADERS = {
    "X-Kite-Version": "3",
    "Authorization": f"token {os.environ['KITE_API_KEY']}:{os.environ['KITE_ACCESS_TOKEN']}",
}
EXPIRES_AT = datetime.datetime.fromisoformat(os.environ["KITE_SESSION_EXPIRES_AT"].replace("Z", "+00:00"))
MARGIN = datetime.timedelta(minutes=1)  # stop before the session ends, not in the middle of an order
NO_SESSION = 11  # kitectl's exit code for "no valid session"


class SessionEnded(Exception):
    """Kite no longer accepts the access_token: log in again, don't retry."""


def get(path):
    request = urllib.request.Request(ROOT + path, headers=HEADERS)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        if error.code == 403 and problem.get("error_type") == "TokenException":
            raise SessionEnded(problem["message"]) from None
        raise


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else None
    print("trading for", os.environ["KITE_USER_ID"], "until", EXPIRES_AT.astimezone().strftime("%H:%M %Z"))
    while rounds is None or rounds > 0:
        if datetime.datetime.now(datetime.timezone.utc) + MARGIN >= EXPIRES_AT:
            raise SessionEnded("the session is about to end")
        cash = get("/user/margins/equity")["available"]["live_balance"]
        net = get("/portfolio/positions")["net"]
        print(f"{len(net)} positions, profit {sum(p['pnl'] for p in net):.2f}, cash {cash:.2f}", flush=True)
        if rounds is not None:
            rounds -= 1
        if rounds != 0:
            time.sleep(5)


if __name__ == "__main__":
    try:
        main()
    except SessionEnded as reason:
        print("stopped:", reason, file=sys.stderr)
        sys.exit(NO_SESSION)
