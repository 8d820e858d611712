/** How people sign in. */

import type { BirthDate } from "./identity.js";
import { wireOf } from "./identity.js";
import * as wasm from "./wasm/whole.js";
import type { LocalDate, Refusal, RuleInWords, Rules, SignInPolicyJson } from "./wasm/whole.js";

/**
 * How people of a region sign in (*порядок авторизации*): rules, and the days from which others hold.
 *
 * A policy that exists is sound: what is unknown or contradictory is refused when it is read.
 *
 * ```ts
 * const policy = SignInPolicy.preset("ryazan_2022");
 * policy.passwordEnds("31.08.2010", "2024-09-01"); // "2025-02-28"
 * ```
 */
export class SignInPolicy {
  readonly #policy: SignInPolicyJson;

  private constructor(policy: SignInPolicyJson) {
    this.#policy = policy;
  }

  /** The names of the policies that come with the library. */
  static get presets(): string[] {
    return wasm.policyPresets();
  }

  /** The policy of this name that comes with the library. Throws `preset_unknown`. */
  static preset(name: "ryazan_2022" | "udmurtia_2023" | "ryazan_2024" | (string & {})): SignInPolicy {
    return new SignInPolicy(wasm.policyPreset(name));
  }

  /**
   * Reads a policy from JSON, as text or parsed.
   *
   * Throws `policy_malformed` for JSON whose fields are not those of a policy, and `policy_unknown`,
   * `policy_missing`, `policy_contradiction`, `policy_name_malformed` with the rule as the field.
   */
  static fromJson(json: string | SignInPolicyJson): SignInPolicy {
    return new SignInPolicy(wasm.policyOf(json));
  }

  /** The policy's name, as `ryazan_2022`. */
  get name(): string {
    return this.#policy.name;
  }

  /** The policy as the wire has it, a copy to do with as one likes. */
  toJSON(): SignInPolicyJson {
    return structuredClone(this.#policy);
  }

  /** What the policy says, rule by rule, for people to read. */
  inWords(): RuleInWords[] {
    return wasm.policyInWords(this.#policy);
  }

  /** The rules that hold on a day. Throws `date_missing`, `date_invalid`. */
  rulesOn(day: LocalDate): Rules {
    return wasm.policyRulesOn(this.#policy, day);
  }

  /**
   * The first day on which a pupil's password no longer serves; `undefined` for whom it never ends, or
   * who may not use one today.
   *
   * Throws `date_missing`, `date_invalid`.
   */
  passwordEnds(born: BirthDate | string | undefined, today: LocalDate): LocalDate | undefined {
    return wasm.policyPasswordEnds(this.#policy, wireOf(born), today);
  }

  /**
   * The same day, once it is near enough to tell the pupil and the family.
   *
   * Throws `date_missing`, `date_invalid`.
   */
  passwordNotice(born: BirthDate | string | undefined, today: LocalDate): LocalDate | undefined {
    return wasm.policyPasswordNotice(this.#policy, wireOf(born), today);
  }

  /**
   * Why a pupil gets no registration card on a day; `undefined` for who gets one. From the threshold on it
   * is `use_esia`.
   *
   * Throws `date_missing`, `date_invalid`.
   */
  cardRefusal(born: BirthDate | string | undefined, today: LocalDate): Refusal | undefined {
    return wasm.policyCardRefusal(this.#policy, wireOf(born), today);
  }
}
