import { parsePurl } from '@slipway/core';
import { createHttpClient, type HttpClient } from '@slipway/http';
import { toSbomError } from '../code.ts';
import { type LicenceReader, toLicenceReader } from '../licence/parse-licence.ts';
import { parseIntegrity } from '../model/integrity.ts';
import type { Component, Sbom } from '../model/sbom.ts';
import { parseManifest, type RawManifest, toManifestFacts } from '../tree/manifest.ts';

/** Where packages are asked for. */
export interface PackumentSource {
	/** Address with a final slash; undefined: nobody is asked about this package. */
	registryFor(name: string): string | undefined;
	/** Value of the `authorization` header for a registry. */
	authorizationFor(registry: string): string | undefined;
	readonly signal: AbortSignal;
}

const MAX_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const PARALLEL = 8;
/** Whatever is not answered by then stays unknown. */
const DEADLINE_MS = 5 * 60_000;

interface Asking {
	readonly source: PackumentSource;
	readonly clients: Map<string, HttpClient>;
	readonly readLicence: LicenceReader;
	readonly deadline: number;
}

const isLacking = ({ purl, version, supplier, licence }: Component): boolean =>
	purl?.startsWith('pkg:npm/') === true &&
	!purl.includes('?') &&
	version !== undefined &&
	(!supplier || !licence);

const toClient = ({ source, clients }: Asking, registry: string): HttpClient => {
	const known = clients.get(registry);
	if (known) return known;
	const authorization = source.authorizationFor(registry);
	const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) };
	const client = createHttpClient({ origin: registry, headers });
	clients.set(registry, client);
	return client;
};

/** Other bytes under this name and version: what their manifest says is about another package. */
const isSame = (manifest: RawManifest, { hashes }: Component): boolean => {
	const integrity = (manifest.dist as { integrity?: unknown } | undefined)?.integrity;
	const served = parseIntegrity(typeof integrity === 'string' ? integrity : undefined);
	return served.every(({ algorithm, value }) =>
		hashes.every((own) => own.algorithm !== algorithm || own.value === value),
	);
};

const readVersion = async (component: Component, asking: Asking): Promise<RawManifest | undefined> => {
	const { namespace, name } = parsePurl(component.purl ?? '');
	const full = namespace === undefined ? name : `${namespace}/${name}`;
	const registry = asking.source.registryFor(full);
	if (registry === undefined || performance.now() > asking.deadline) return undefined;
	const base = new URL(registry).pathname;
	const path = `${base}${full.replace('/', '%2F')}/${encodeURIComponent(component.version ?? '')}`;
	const { signal } = asking.source;
	const reply = await toClient(asking, registry).send({
		method: 'GET',
		path,
		maxBytes: MAX_BYTES,
		timeoutMs: TIMEOUT_MS,
		signal,
	});
	if (reply.kind === 'lost' || reply.status !== 200) return undefined;
	const manifest = parseManifest(reply.body, `the registry's answer for ${full}`);
	if (manifest && manifest.name === full && manifest.version === component.version) return manifest;
	throw toSbomError(
		'SBOM_PACKUMENT_INVALID',
		`expected the registry to describe ${full} ${component.version}, got another package`,
	);
};

const fillIn = async (component: Component, asking: Asking): Promise<Component> => {
	const manifest = isLacking(component) ? await readVersion(component, asking) : undefined;
	if (!manifest || !isSame(manifest, component)) return component;
	const facts = toManifestFacts(manifest, asking.readLicence);
	return {
		...component,
		supplier: component.supplier ?? facts.supplier,
		licence: component.licence ?? facts.licence,
		description: component.description ?? facts.description,
		links: component.links.length > 0 ? component.links : facts.links,
	};
};

/**
 * Fills in suppliers and licences that no manifest at hand states, from the registry's own documents of each version. A
 * package that the registry does not answer for stays as it is; one whose digest differs adds nothing.
 * @throws SlipwayError SBOM_PACKUMENT_INVALID where the registry answers for another package, HTTP_*
 */
export const withPackuments = async (sbom: Sbom, source: PackumentSource): Promise<Sbom> => {
	const deadline = performance.now() + DEADLINE_MS;
	const asking: Asking = { source, clients: new Map(), readLicence: toLicenceReader(), deadline };
	const components = [...sbom.components];
	const indexes = components.keys();
	const work = async (): Promise<void> => {
		for (const index of indexes) {
			const component = components[index];
			if (component) components[index] = await fillIn(component, asking);
			if (source.signal.aborted) throw source.signal.reason;
		}
	};
	await Promise.all(Array.from({ length: PARALLEL }, work));
	return { ...sbom, components };
};
