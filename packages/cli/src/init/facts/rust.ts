import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metadata } from './facts.ts';
import type { Part } from './part.ts';
import { findKind } from './read-file.ts';
import { readToml, type Table, toTable, toTexts } from './toml.ts';
import {
	toAddress,
	toDebName,
	toLine,
	toMaintainer,
	toProjectName,
	toRepository,
	toVersion,
} from './words.ts';

/** A field of [package], or, where it says `workspace = true`, of [workspace.package]. */
const toField = (document: Table, key: string): unknown => {
	const own = toTable(document, 'package')[key];
	const isInherited = typeof own === 'object' && own !== null && 'workspace' in own;
	return own === undefined || isInherited ? toTable(document, 'workspace', 'package')[key] : own;
};

/** Program names of one package: [[bin]], src/main.rs and src/bin (Cargo book, target auto-discovery). */
const listPrograms = async (folder: string, document: Table): Promise<string[]> => {
	const name = toLine(toTable(document, 'package').name);
	const bins = Array.isArray(document.bin) ? document.bin : [];
	const named = bins.flatMap((bin) => toLine(toTable(bin).name) ?? []);
	const main = named.length === 0 && name && (await findKind(folder, 'src/main.rs')) ? [name] : [];
	const others = (await readdir(join(folder, 'src', 'bin')).catch(() => [])).filter((file) =>
		file.endsWith('.rs'),
	);
	const all = [...named, ...main, ...others.map((file) => file.slice(0, -3))];
	return [...new Set(all)].filter((each) => /^[A-Za-z0-9_-]{1,64}$/.test(each));
};

/** Members that are named as they are; patterns are looked up one folder deep. */
const listMembers = async (folder: string, document: Table): Promise<string[]> => {
	const members = toTexts(toTable(document, 'workspace').members);
	const found = await Promise.all(
		members.map(async (member) => {
			if (!/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*(?:\/\*)?$/.test(member) || member.includes('..'))
				return [];
			if (!member.endsWith('/*')) return [member];
			const parent = member.slice(0, -2);
			const entries = await readdir(join(folder, parent), { withFileTypes: true }).catch(() => []);
			return entries.filter((entry) => entry.isDirectory()).map((entry) => `${parent}/${entry.name}`);
		}),
	);
	return found.flat().slice(0, 200);
};

const listAllPrograms = async (folder: string, document: Table): Promise<string[]> => {
	const own = await listPrograms(folder, document);
	const members = await Promise.all(
		(await listMembers(folder, document)).map(async (member) => {
			const inner = await readToml(folder, join(member, 'Cargo.toml'));
			return inner ? listPrograms(join(folder, member), inner) : [];
		}),
	);
	return [...new Set([...own, ...members.flat()])];
};

const toMetadata = (document: Table): Metadata => ({
	name: toProjectName(toTable(document, 'package').name),
	version: toVersion(toField(document, 'version')),
	license: toLine(toField(document, 'license')),
	homepage: toAddress(toField(document, 'homepage')) ?? toAddress(toField(document, 'repository')),
	description: toLine(toField(document, 'description')),
	maintainer: toMaintainer(toTexts(toField(document, 'authors'))[0]),
});

/** A Rust package or workspace: its programs, built for the machine that builds. undefined: no Cargo.toml. */
export const findRust = async (folder: string): Promise<Part | undefined> => {
	const document = await readToml(folder, 'Cargo.toml');
	if (document === undefined) return undefined;
	const programs = await listAllPrograms(folder, document);
	const metadata = toMetadata(document);
	const locked = (await findKind(folder, 'Cargo.lock')) ? ['--locked'] : [];
	const name = toDebName(metadata.name ?? programs[0] ?? '');
	const files = programs.map((program) => ({
		source: `target/release/${program}`,
		target: `/usr/bin/${program}`,
		mode: '0755',
	}));
	const hasPrograms = programs.length > 0;
	return {
		kind: hasPrograms ? 'rust' : undefined,
		metadata,
		repository: toRepository(toField(document, 'repository')),
		commands: hasPrograms ? [['cargo', 'build', '--release', ...locked]] : [],
		outputs: files.map(({ source }) => source),
		debs: hasPrograms && name ? [{ name, architecture: 'native', depends: ['libc6'], files, links: {} }] : [],
		debCommands: [],
		suggested: ['github'],
		notes: hasPrograms ? [] : ['The Rust crate has no program; crates.io is no target yet.'],
	};
};
