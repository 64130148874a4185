import { type Context, SlipwayError, toPrintable } from '@slipway/core';
import type { NpmCode } from '../code.ts';
import type { NpmCredentials } from '../config/credentials.ts';
import { type Reading, toReading, type VersionManifest } from '../registry/read-packument.ts';
import type { Registry } from '../registry/registry.ts';

const MAX_TARBALL_BYTES = 1024 ** 3;

interface Place {
	readonly registry: Registry;
	readonly credentials: Pick<NpmCredentials, 'authorize'>;
}

/**
 * The bytes that a version's manifest names, only from the registry's own scheme, host and port.
 * @throws SlipwayError NPM_TARBALL_ELSEWHERE
 */
export const fetchTarball = async (
	{ registry, credentials }: Place,
	{ name, version, dist }: VersionManifest,
	context: Context,
): Promise<Reading<Uint8Array>> => {
	const base = new URL(registry.url);
	const url = URL.canParse(dist.tarball) ? new URL(dist.tarball) : undefined;
	if (url?.origin !== base.origin || !url.pathname.startsWith(base.pathname))
		throw new SlipwayError<NpmCode>(
			'NPM_TARBALL_ELSEWHERE',
			`${name}@${version}: expected its tarball on ${base.origin}, got ${JSON.stringify(toPrintable(dist.tarball, 200))}`,
			{
				hint: 'Name the registry in slipway.yml by the address that it uses itself; never follow a tarball elsewhere.',
			},
		);
	const authorization = await credentials.authorize(name, 'read', context);
	const path = url.pathname.slice(base.pathname.length) + url.search;
	return toReading(
		await registry.read(path, { context, authorization, accept: '*/*', maxBytes: MAX_TARBALL_BYTES }),
	);
};
