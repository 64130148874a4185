import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/** What a registry shows of one package: dist-tags, and of each version its digest and its marks. */
export interface NpmView {
	readonly tags: Readonly<Record<string, string>>;
	readonly versions: Readonly<
		Record<string, { readonly integrity: string; readonly deprecated: string | null }>
	>;
}

interface Packument {
	readonly 'dist-tags': Readonly<Record<string, string>>;
	readonly versions: Readonly<
		Record<
			string,
			{
				readonly deprecated?: string;
				readonly dist: { readonly integrity: string; readonly tarball: string };
			}
		>
	>;
}

const checkTarball = async (url: string, integrity: string): Promise<void> => {
	const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
	const digest = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
	assert.equal(digest, integrity, `${url} holds other bytes than the registry says`);
};

/**
 * Reads a package over the protocol, every tarball included.
 * @throws AssertionError where bytes and digests differ
 */
export const observeNpm = async (origin: string, name: string): Promise<NpmView> => {
	const reply = await fetch(`${origin}/${encodeURIComponent(name)}`);
	if (reply.status === 404) return { tags: {}, versions: {} };
	const packument = (await reply.json()) as Packument;
	for (const { dist } of Object.values(packument.versions)) await checkTarball(dist.tarball, dist.integrity);
	const versions = Object.entries(packument.versions).map(
		([version, { dist, deprecated }]) =>
			[version, { integrity: dist.integrity, deprecated: deprecated || null }] as const,
	);
	return { tags: packument['dist-tags'], versions: Object.fromEntries(versions) };
};
