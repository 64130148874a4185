import { toPrintable } from '@slipway/core';

const DIGEST = /([0-9a-f]{12})[0-9a-f]{52,}/g;

/** A pointer's value on one line: digests cut to 12 digits, null as (none), undefined (not looked at) as ?. */
export const toShort = (value: string | null | undefined): string => {
	if (value === undefined) return '?';
	return value === null ? '(none)' : toPrintable(value).replace(DIGEST, '$1…');
};
