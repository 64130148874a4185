import { toPrintable } from '@slipway/core';

/** What a changelog entry is made of. */
export interface ChangelogFacts {
	readonly name: string;
	/** Debian version. */
	readonly version: string;
	/** `Name <address>` */
	readonly maintainer: string;
	/** Seconds since 1970. */
	readonly time: number;
	/** One text a change; foreign text is made one printable line. */
	readonly changes: readonly string[];
}

/** RFC 5322 with a numeric zone, as dpkg wants it (Policy 4.4). */
const toDate = (time: number): string => new Date(time * 1000).toUTCString().replace(/GMT$/, '+0000');

const toItem = (change: string): string => {
	const lines: string[] = [];
	for (const word of toPrintable(change.replace(/\s+/g, ' ').trim(), 1000).split(' ')) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= 74)
			lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return `  * ${lines.join('\n    ')}`;
};

/** The text of debian/changelog with one entry (Policy 4.4). */
export const toChangelogText = ({ name, version, maintainer, time, changes }: ChangelogFacts): string =>
	[
		`${name} (${version}) stable; urgency=medium`,
		'',
		...changes.map(toItem),
		'',
		` -- ${maintainer}  ${toDate(time)}`,
		'',
	].join('\n');
