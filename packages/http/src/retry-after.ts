/** No server makes us wait longer than this between two calls. */
export const MAX_RETRY_AFTER_MS = 10 * 60 * 1000;

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a reply asks to wait, in ms, from seconds or a date (RFC 9110, 10.2.3), at most 10 minutes.
 * @param now ms since 1970
 * @returns undefined where the header is missing or says nothing that can be followed
 */
export const retryAfterMs = (headers: Headers, now: number): number | undefined => {
	const text = headers.get('retry-after')?.trim() ?? '';
	const ms = /^\d+$/.test(text)
		? Number(text) * 1000
		: HTTP_DATE.test(text)
			? Date.parse(text) - now
			: Number.NaN;
	return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
};
