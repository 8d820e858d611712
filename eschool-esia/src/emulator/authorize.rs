//! A request for a sign-in: judged, kept until somebody says who they are, answered with a code.

use url::Url;

use super::{
    Emulator, TestPerson, check,
    fault::{Code, Fault},
    memory::{Digest, IssuedCode, Session, SignInRequest, later},
    parameters::Parameters,
    tokens::Issuing,
};

/// What a request for a sign-in must have besides what both calls have.
const MANDATORY: [&str; 9] = [
    "client_id",
    "client_secret",
    "client_certificate_hash",
    "redirect_uri",
    "scope",
    "response_type",
    "state",
    "timestamp",
    "access_type",
];

/// How a request for a sign-in is refused.
pub(super) enum Refused {
    /// On a page: whoever sent it may not be who they say, so nobody is sent anywhere.
    Here(Fault),
    /// By sending the person back with the code.
    There {
        /// Where to, with the answer in the query.
        back: Url,
        /// Why.
        fault: Fault,
    },
}

impl Emulator {
    /// Judges a request for a sign-in.
    pub(super) fn judge_sign_in(&self, parameters: &Parameters) -> Result<SignInRequest, Refused> {
        let client = check::client(self, parameters).map_err(Refused::Here)?;
        let redirect =
            check::redirect(client, parameters, "redirect_uri").map_err(Refused::Here)?;
        let judged = || {
            parameters.none_repeated()?;
            for name in MANDATORY {
                parameters.needed(name)?;
            }
            let state = check::state(parameters)?;
            parameters.fixed("response_type", "code")?;
            if !matches!(parameters.needed("access_type")?, "online" | "offline") {
                let check = "`access_type` is neither `online` nor `offline`";
                return Err(Fault::new(Code::Parameter, check));
            }
            let scopes = check::scopes(client, parameters)?;
            let challenge = challenge(parameters)?;
            check::signature(self, client, parameters, "")?;
            Ok(SignInRequest {
                client: client.mnemonic.clone(),
                redirect: redirect.clone(),
                redirect_uri: parameters.needed("redirect_uri")?.into(),
                state: state.into(),
                scopes,
                challenge,
            })
        };
        judged().map_err(|fault: Fault| {
            let state = parameters.once("state").ok().flatten();
            Refused::There { back: refusal(redirect.clone(), &fault, state), fault }
        })
    }

    /// Keeps a request until somebody says who they are; gives back its name.
    pub(super) fn keep_waiting(&self, request: SignInRequest) -> String {
        let name = self.random_name();
        self.memory().waiting.put(self.now(), name.clone(), request);
        name
    }

    /// Signs somebody in at the emulator; gives back the name of the session.
    pub(super) fn sign_in(&self, person: &TestPerson) -> (String, Session) {
        let now = self.now();
        let session = Session { oid: person.oid, since: now };
        let name = self.random_name();
        self.memory().sessions.put(now, name.clone(), session);
        (name, session)
    }

    /// Who is signed in at the emulator under this name.
    pub(super) fn session(&self, name: Option<&str>) -> Option<Session> {
        self.memory().sessions.get(self.now(), &name?.to_owned()).copied()
    }

    /// Forgets who is signed in under this name.
    pub(super) fn sign_out(&self, name: Option<&str>) {
        if let Some(name) = name {
            self.memory().sessions.take(self.now(), &name.to_owned());
        }
    }

    /// Where the person goes with a code.
    pub(super) fn granted(
        &self,
        request: SignInRequest,
        session: Session,
        person: &TestPerson,
    ) -> Result<Url, Fault> {
        let now = self.now();
        let sid = self.settings().ambient.uuid().to_string();
        let issuing = Issuing {
            emulator: self,
            request: &request,
            session: &session,
            person,
            sid: &sid,
            now,
        };
        let code = issuing.code()?;
        let mut back = request.redirect.clone();
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", &request.state);
        let expires = later(now, self.settings().lifetimes.code);
        let issued = IssuedCode { request, session, sid, expires, token: None };
        self.memory().codes.put(now, Digest::of(&code), issued);
        Ok(back)
    }

    /// Where the person goes who refused.
    pub(super) fn denied(&self, request: &SignInRequest) -> Url {
        let fault = Fault::new(Code::Denied, "the person refused");
        refusal(request.redirect.clone(), &fault, Some(&request.state))
    }
}

/// An address with the refusal in its query.
pub(super) fn refusal(mut back: Url, fault: &Fault, state: Option<&str>) -> Url {
    let mut query = back.query_pairs_mut();
    query
        .append_pair("error", fault.code.error())
        .append_pair("error_description", &fault.code.description());
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    drop(query);
    back
}

/// The challenge of PKCE, where the client asks for it.
fn challenge(parameters: &Parameters) -> Result<Option<String>, Fault> {
    let method = parameters.once("code_challenge_method")?;
    let Some(challenge) = parameters.once("code_challenge")? else {
        return match method {
            None => Ok(None),
            Some(_) => {
                let check = "`code_challenge_method` stands without `code_challenge`";
                Err(Fault::new(Code::ChallengeMissing, check))
            }
        };
    };
    if method != Some("S256") {
        return Err(Fault::new(Code::Parameter, "`code_challenge_method` is not `S256`"));
    }
    Ok(Some(challenge.into()))
}
