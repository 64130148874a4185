import { findVersionProblem } from '@slipway/core';
import type { Metadata } from './facts.ts';

/** One line without control characters, at most `max` characters; undefined for nothing. */
export const toLine = (value: unknown, max = 300): string | undefined => {
	if (typeof value !== 'string') return undefined;
	const line = value
		.slice(0, 4 * max)
		.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.trim();
	return line === '' ? undefined : line.slice(0, max);
};

const PERSON = /^([^<>()]{1,200}?) ?<([^<>\s@]{1,200}@[^<>\s@]{1,200})>/;

/** `Name <address>` out of what people write there; undefined without an address. */
export const toMaintainer = (value: unknown): string | undefined => {
	const { name, email } =
		typeof value === 'object' && value !== null ? (value as { name?: unknown; email?: unknown }) : {};
	const text = typeof value === 'string' ? toLine(value) : `${toLine(name) ?? ''} <${toLine(email) ?? ''}>`;
	const [, who, address] = PERSON.exec(text ?? '') ?? [];
	return who && address ? `${who.trim()} <${address}>` : undefined;
};

/** An http or https address. */
export const toAddress = (value: unknown): string | undefined => {
	const line = toLine(value, 500);
	return line !== undefined && /^https?:\/\/[^\s/]+/.test(line) && URL.canParse(line) ? line : undefined;
};

/** A strict semantic version: 1.2 becomes 1.2.0, a leading v goes; undefined for anything else. */
export const toVersion = (value: unknown): string | undefined => {
	const text = toLine(value, 130)?.replace(/^v/, '') ?? '';
	const full = /^\d+\.\d+$/.test(text) ? `${text}.0` : text;
	return findVersionProblem(full) === undefined ? full : undefined;
};

/** A name that can name the project, its folder and its packages. */
export const toProjectName = (value: unknown): string | undefined => {
	const name = toLine(value, 214)
		?.toLowerCase()
		.replace(/^@[^/]*\//, '')
		.replace(/[^a-z0-9._-]+/g, '-')
		.replace(/^[^a-z0-9]+|[-.]+$/g, '')
		.slice(0, 100);
	return name === '' ? undefined : name;
};

/** Debian Policy 5.6.1: at least two of a-z 0-9 + - . */
export const toDebName = (name: string): string | undefined => {
	const found = toProjectName(name)?.replaceAll('_', '-');
	return found !== undefined && /^[a-z0-9][a-z0-9+.-]+$/.test(found) ? found : undefined;
};

const GITHUB =
	/^(?:git\+)?(?:https?:\/\/(?:[^@/\s]*@)?github\.com\/|git:\/\/github\.com\/|(?:ssh:\/\/)?git@github\.com[:/]|github:)?([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100}?)(?:\.git)?\/?(?:#.*)?$/;

/** OWNER/REPO of an address of GitHub, or of npm's short form. */
export const toRepository = (value: unknown): string | undefined => {
	const [, owner, name] = GITHUB.exec(toLine(value, 500) ?? '') ?? [];
	return owner && name ? `${owner}/${name}` : undefined;
};

/** What is known already, and what another file adds. */
export const joinMetadata = (known: Metadata, more: Metadata): Metadata => ({
	name: known.name ?? more.name,
	version: known.version ?? more.version,
	license: known.license ?? more.license,
	homepage: known.homepage ?? more.homepage,
	description: known.description ?? more.description,
	maintainer: known.maintainer ?? more.maintainer,
});
