/** The functions of whichever module is loaded, that of the checks or the whole one. */

/** @internal */
export interface Checks {
  valueOfKind(kind: string, given: unknown): string[];
  fullName(family: unknown, given: unknown, patronymic: unknown, hasNone: boolean): string[];
  birthDateOfSomebodyOn(born: unknown, today: unknown): string;
  reachedOn(years: unknown, months: unknown, born: unknown): string;
}

/** @internal */
export let checks: Checks;

/** @internal */
export function bind(module: Checks): void {
  checks = module;
}
