import { toPrintable } from '@slipway/core';

/** The JSON value of a reply's body, or undefined where it is none. Schemas pick the fields they need from it. */
export const parseBody = (body: Uint8Array): unknown => {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
	} catch {
		return undefined;
	}
};

const toText = (value: unknown): string | undefined => {
	if (typeof value === 'string') return value;
	if (typeof value !== 'object' || value === null) return undefined;
	const { error, message } = value as { readonly error?: unknown; readonly message?: unknown };
	return [error, message].find((text) => typeof text === 'string' && text !== '') as string | undefined;
};

/** What a registry says in words, as one short printable line. */
export const toReplyMessage = (body: Uint8Array): string =>
	toPrintable((toText(parseBody(body)) ?? new TextDecoder().decode(body.subarray(0, 400))).trim(), 300);
