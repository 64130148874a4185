import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubjectFile } from './exhibit.ts';

/** The files that the statements speak of. */
export interface Subjects {
	readonly artifact: SubjectFile;
	/** The same file, by the digest that npm asks for. */
	readonly tarball: SubjectFile;
	readonly record: SubjectFile;
	/** A file that no statement speaks of, by both digests. */
	readonly another: Readonly<Record<SubjectFile['algorithm'], SubjectFile>>;
}

const hash = (file: string, algorithm: SubjectFile['algorithm']): SubjectFile => {
	const bytes = readFileSync(file);
	return { file, algorithm, digest: createHash(algorithm).update(bytes).digest('hex'), size: bytes.length };
};

const write = (folder: string, name: string, text: string): string => {
	const file = join(folder, name);
	writeFileSync(file, text);
	return file;
};

export const writeSubjects = (folder: string): Subjects => {
	const artifact = write(folder, 'greet-1.0.0.tgz', 'the bytes of an artifact\n');
	const another = write(folder, 'another.tgz', 'the bytes of another artifact\n');
	return {
		artifact: hash(artifact, 'sha256'),
		tarball: hash(artifact, 'sha512'),
		record: hash(write(folder, 'build-linux-x64.json', '{"stage":"build"}\n'), 'sha256'),
		another: { sha256: hash(another, 'sha256'), sha512: hash(another, 'sha512') },
	};
};
