import type { LockEntry } from '../npm/lock-schema.ts';
import { type RawManifest, toRanges } from './manifest.ts';

const isRegistryName = (name: unknown): name is string =>
	typeof name === 'string' &&
	name.length <= 214 &&
	/^(?:@[\w.~-]+\/)?[\w.~-]+$/.test(name) &&
	!/(^|\/)\.+$/.test(name);

const isVersion = (version: unknown): version is string =>
	typeof version === 'string' && /^[!-~]{1,256}$/.test(version);

/** `peerDependenciesMeta` as far as it says that a peer may be missing. */
const toPeerMeta = (value: unknown): Record<string, { optional: boolean }> =>
	value !== null && typeof value === 'object' && !Array.isArray(value)
		? Object.fromEntries(
				Object.entries(value).map(([name, meta]) => [
					name,
					{ optional: (meta as { optional?: unknown } | null)?.optional === true },
				]),
			)
		: {};

/**
 * What a lockfile would say of a package that lies in a folder or archive, from its own manifest; undefined for a
 * package.json that names no package (test data, `{"type": "module"}`).
 */
export const toEntry = (manifest: RawManifest): LockEntry | undefined => {
	if (!isRegistryName(manifest.name) || !isVersion(manifest.version)) return undefined;
	return {
		name: manifest.name,
		version: manifest.version,
		license: manifest.license ?? manifest.licence ?? manifest.licenses,
		dependencies: toRanges(manifest.dependencies),
		devDependencies: toRanges(manifest.devDependencies),
		optionalDependencies: toRanges(manifest.optionalDependencies),
		peerDependencies: toRanges(manifest.peerDependencies),
		peerDependenciesMeta: toPeerMeta(manifest.peerDependenciesMeta),
	};
};
