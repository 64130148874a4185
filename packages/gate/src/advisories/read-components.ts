import { parseJson, parseWith } from '@slipway/core';
import * as v from 'valibot';
import type { GateCode } from '../code.ts';
import type { SbomFile } from '../gate.ts';
import type { Component } from './component.ts';

const MAX_SBOM_BYTES = 128 * 1024 * 1024;
const MAX_COMPONENTS = 500_000;

const Text = v.optional(v.pipe(v.string(), v.maxLength(4096)));

const Licence = v.union([
	v.object({ expression: v.string() }),
	v.object({ license: v.object({ id: Text, name: Text }) }),
]);

interface Raw {
	readonly type?: string | undefined;
	readonly name: string;
	readonly group?: string | undefined;
	readonly version?: string | undefined;
	readonly purl?: string | undefined;
	readonly scope?: string | undefined;
	readonly licenses?: v.InferOutput<typeof Licence>[] | undefined;
	readonly properties?: { name?: string | undefined; value?: string | undefined }[] | undefined;
	readonly components?: Raw[] | undefined;
}

const RawComponent: v.GenericSchema<unknown, Raw> = v.object({
	type: Text,
	name: v.pipe(v.string(), v.maxLength(4096)),
	group: Text,
	version: Text,
	purl: Text,
	scope: Text,
	licenses: v.optional(v.array(Licence)),
	properties: v.optional(v.array(v.object({ name: Text, value: v.optional(v.string()) }))),
	components: v.optional(v.array(v.lazy(() => RawComponent))),
});

const CycloneDx = v.object({
	bomFormat: v.literal('CycloneDX'),
	metadata: v.optional(v.object({ component: v.optional(RawComponent) })),
	components: v.optional(v.pipe(v.array(RawComponent), v.maxLength(MAX_COMPONENTS)), []),
});

/** CycloneDX has a scope for what is not shipped, and npm's tools a property. */
const isDevelopment = ({ scope, properties = [] }: Raw): boolean =>
	scope === 'excluded' ||
	properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');

const toExpression = (licence: v.InferOutput<typeof Licence>): string =>
	'expression' in licence ? licence.expression : (licence.license.id ?? licence.license.name ?? '');

const flatten = (components: readonly Raw[]): Raw[] => {
	const all: Raw[] = [];
	const waiting = [...components].reverse();
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		all.push(next);
		waiting.push(...[...(next.components ?? [])].reverse());
	}
	return all;
};

const toComponent = (raw: Raw, { artifact, path }: SbomFile, isRoot: boolean): Component => {
	const name = raw.group ? `${raw.group}/${raw.name}` : raw.name;
	return {
		purl: raw.purl,
		label: raw.version === undefined ? name : `${name} ${raw.version}`,
		licences: (raw.licenses ?? []).map(toExpression),
		isDevelopment: isDevelopment(raw),
		isOwn: isRoot || raw.type === 'file',
		artifacts: [artifact],
		sbom: path,
	};
};

/** @throws SlipwayError GATE_SBOM_INVALID, JSON_* */
const readSbom = (file: SbomFile): Component[] => {
	const parsed = parseWith(CycloneDx, parseJson(file.bytes, file.path, { maxBytes: MAX_SBOM_BYTES }), {
		code: 'GATE_SBOM_INVALID' satisfies GateCode,
		what: file.path,
		hint: 'Make the SBOM again: slipway sbom.',
	});
	const root = parsed.metadata?.component;
	return [
		...(root
			? [
					toComponent(root, file, true),
					...flatten(root.components ?? []).map((raw) => toComponent(raw, file, false)),
				]
			: []),
		...flatten(parsed.components).map((raw) => toComponent(raw, file, false)),
	];
};

/** What is shipped once is shipped, whatever other SBOMs say of it. */
const merge = (a: Component, b: Component): Component => ({
	...a,
	isDevelopment: a.isDevelopment && b.isDevelopment,
	isOwn: a.isOwn || b.isOwn,
	artifacts: [...new Set([...a.artifacts, ...b.artifacts])],
	licences: a.licences.length > 0 ? a.licences : b.licences,
});

/**
 * The components of all CycloneDX SBOMs of a Release, each once.
 * @throws SlipwayError GATE_SBOM_INVALID, JSON_*
 */
export const readComponents = (sboms: readonly SbomFile[]): readonly Component[] => {
	const byKey = new Map<string, Component>();
	for (const file of sboms.filter(({ format }) => format === 'cyclonedx')) {
		for (const component of readSbom(file)) {
			const key = component.purl ?? component.label;
			const known = byKey.get(key);
			byKey.set(key, known ? merge(known, component) : component);
		}
	}
	return [...byKey.values()];
};
