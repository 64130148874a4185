/** Shorter strings are too common to blank out: every "1" of the output would go. */
const SHORTEST_SECRET = 4;

const toForms = (secret: string): readonly string[] => [
	secret,
	...secret.split(/\r?\n/).map((line) => line.trim()),
	encodeURIComponent(secret),
	Buffer.from(secret).toString('base64'),
];

/**
 * Every form in which a secret may be printed: as it is, each of its lines, URL-encoded, base64; longest first.
 * Forms shorter than 4 characters are left out.
 */
export const toSecretForms = (secrets: readonly string[]): readonly string[] =>
	[...new Set(secrets.flatMap(toForms))]
		.filter((form) => form.length >= SHORTEST_SECRET)
		.sort((a, b) => b.length - a.length);

/** `text` with each of the forms replaced by `***`. */
export const redact = (text: string, forms: readonly string[]): string => {
	let redacted = text;
	for (const form of forms) redacted = redacted.replaceAll(form, '***');
	return redacted;
};
