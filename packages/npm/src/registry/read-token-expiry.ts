import { type Context, trimEndOf } from '@slipway/core';
import * as v from 'valibot';
import { toReading } from './read-packument.ts';
import { createRegistry } from './registry.ts';
import { parseBody } from './reply-body.ts';

/** Tokens are listed with their ends alone: `npm_NYn6...jCq0`. */
const Tokens = v.object({
	objects: v.array(v.object({ token: v.optional(v.string(), ''), expiry: v.nullish(v.string()) })),
});

const isShownAs = (secret: string, shown: string): boolean => {
	const [start = '', end, ...more] = shown.split('...');
	if (start.length < 8 || !end || end.length < 4 || more.length > 0) return false;
	return secret.startsWith(start) && secret.endsWith(end);
};

/**
 * When the token of an authorization header ends (ms since 1970), as the registry lists it; undefined where the registry does
 * not tell: it has no such list, the token may not read it, or is not in it.
 */
export const readTokenExpiry = async (
	registry: string,
	authorization: string,
	context: Context,
): Promise<number | undefined> => {
	const secret = authorization.replace(/^Bearer\s+/i, '');
	const reply = await createRegistry(`${trimEndOf(registry, '/')}/`).read('-/npm/v1/tokens', {
		context,
		authorization,
	});
	const reading = toReading(reply);
	const parsed = v.safeParse(Tokens, reading.state === 'found' ? parseBody(reading.value) : undefined);
	if (!parsed.success) return undefined;
	const own = parsed.output.objects.filter(({ token }) => isShownAs(secret, token));
	const [expiry, ...others] = own.map((each) => Date.parse(each.expiry ?? ''));
	// Two that look alike leave open which is ours.
	return expiry === undefined || others.length > 0 || Number.isNaN(expiry) ? undefined : expiry;
};
