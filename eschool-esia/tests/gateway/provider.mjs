// A standard OpenID provider on a port of 127.0.0.1, with keys of its own at each start.
//
//   node provider.mjs [port]
//
// It prints its address. Clients: `diary` (client_secret_basic), `diary-post` (client_secret_post),
// `diary-es` (ES256), all with the secret `secret`. People: see below; any password will do.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const PEOPLE = {
  mother: {
    family_name: 'Ёлкина', given_name: 'Анна', middle_name: 'Олеговна', birthdate: '1985-05-17',
    phone_number: '+79123456789', phone_number_verified: true,
    email: 'anna@example.ru', email_verified: true,
    snils: '000-000-600 06', level: 'PR',
    children: [{ lastName: 'Ёлкина', firstName: 'Вера', birthDate: '08.03.2015' }],
  },
  stranger: {
    family_name: 'Ли', given_name: 'Ян', phone_number: '+79123456780', phone_number_verified: false,
    email: 'li@example.ru', email_verified: false,
  },
  nameless: { given_name: 'Ян' },
};

const key = (type, options, alg) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
  alg, kid: randomUUID(), use: 'sig',
});

const client = (client_id, more) => ({
  client_id,
  client_secret: 'secret',
  redirect_uris: ['https://school.example.ru/esia'],
  post_logout_redirect_uris: ['https://school.example.ru/'],
  ...more,
});

const settings = {
  clients: [
    client('diary', { token_endpoint_auth_method: 'client_secret_basic' }),
    client('diary-post', { token_endpoint_auth_method: 'client_secret_post' }),
    client('diary-es', { id_token_signed_response_alg: 'ES256' }),
  ],
  claims: {
    openid: ['sub'],
    profile: ['family_name', 'given_name', 'middle_name', 'birthdate'],
    email: ['email', 'email_verified'],
    phone: ['phone_number', 'phone_number_verified'],
    esia: ['snils', 'level', 'children'],
  },
  cookies: { keys: [randomUUID()] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_, id) => PEOPLE[id] && {
    accountId: id,
    claims: () => ({ sub: id, ...PEOPLE[id] }),
  },
  jwks: {
    keys: [
      key('rsa', { modulusLength: 2048 }, 'RS256'),
      key('ec', { namedCurve: 'P-256' }, 'ES256'),
    ],
  },
  pkce: { required: () => true },
};

const server = createServer();
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  server.on('request', new Provider(address, settings).callback());
  console.log(address);
});
// Whoever started it has gone when its input ends.
process.stdin.on('end', () => process.exit()).resume();
