"""A program that uses the local API's gateway: it never sees an access_token.

    python3 gateway.py NAME < TOKEN
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

BASE = os.environ.get("KITE_ACCOUNTS_URL", "http://127.0.0.1:51731")
NO_SESSION = 11  # kitectl's exit code for "no valid session"


def get(path, token):
    request = urllib.request.Request(BASE + path, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def main():
    name, token = urllib.parse.quote(sys.argv[1], safe=""), sys.stdin.readline().strip()
    for account in get("/v1/accounts", token)["accounts"]:
        print(account["slug"], account["state"], account["expiresAt"] or "-")
    for h in get(f"/kite/{name}/portfolio/holdings", token)["data"]:
        print(f"{h['tradingsymbol']:12} {h['quantity']:6} {h['pnl']:12.2f}")


if __name__ == "__main__":
    try:
        main()
    except urllib.error.HTTPError as error:
        problem = json.load(error)  # Kite's own form on /kite/, the local API's elsewhere
        print("stopped:", problem.get("message") or problem["error"]["message"], file=sys.stderr)
        sys.exit(NO_SESSION if problem.get("error_type") == "TokenException" else 1)
