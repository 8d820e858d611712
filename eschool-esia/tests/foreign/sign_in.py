"""Signs somebody in at the emulator with esia-connector, and prints what it was told as JSON.

Arguments: the emulator's address, a file with the client's key and certificate, a file with the
public key of tokens, the number of the person.
"""

import json
import sys
from urllib.parse import parse_qs, urlsplit

import requests
from esia_connector.client import EsiaAuth, EsiaSettings

base, key, token_key, oid = sys.argv[1:]

auth = EsiaAuth(EsiaSettings(
    esia_client_id='FOREIGN',
    redirect_uri='http://127.0.0.1:1/back',
    certificate_file=key,
    private_key_file=key,
    esia_service_url=base,
    esia_scope='openid fullname snils birthdate mobile',
    esia_token_check_key=token_key,
))

# What the browser does: it is led to the page of the people, and somebody says who they are.
browser = requests.Session()
page = browser.get(auth.get_auth_url())
page.raise_for_status()
back = browser.post(page.url, data={'person': oid}, allow_redirects=False)
answer = parse_qs(urlsplit(back.headers['Location']).query)

connector = auth.complete_authorization(answer['code'][0], answer['state'][0])
print(json.dumps({
    'oid': connector.oid,
    'person': connector.get_person_main_info(),
    'contacts': connector.get_person_contacts(),
}))
