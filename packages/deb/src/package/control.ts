import type { DebPackage } from '@slipway/core/config';
import { toStanza } from './deb822.ts';
import { toDescription } from './description.ts';
import type { Metadata } from './metadata.ts';

/** In the order in which dpkg-gencontrol writes them (Dpkg::Control::FieldsCore). */
const FIELDS = [
	'Package',
	'Version',
	'Architecture',
	'Maintainer',
	'Installed-Size',
	'Pre-Depends',
	'Depends',
	'Recommends',
	'Suggests',
	'Conflicts',
	'Breaks',
	'Replaces',
	'Provides',
	'Section',
	'Priority',
	'Homepage',
	'Description',
] as const;

export type ControlFields = Readonly<Partial<Record<(typeof FIELDS)[number], string | undefined>>>;

/**
 * The text of a control file in a fixed order; undefined and empty values are left out.
 * @throws SlipwayError DEB_CONTROL_INVALID
 */
export const toControlText = (fields: ControlFields): string =>
	toStanza(FIELDS.flatMap((name) => (fields[name] ? [[name, fields[name]] as const] : [])));

/** What the control file says besides the definition in slipway.yml. */
export interface ControlFacts {
	readonly metadata: Metadata;
	/** Debian version. */
	readonly version: string;
	readonly architecture: string;
	/** KiB. */
	readonly installedSize: number;
}

/** @throws SlipwayError DEB_CONTROL_INVALID */
export const toControlFields = (
	definition: DebPackage,
	{ metadata, version, architecture, installedSize }: ControlFacts,
): ControlFields => ({
	Package: definition.name,
	Version: version,
	Architecture: architecture,
	Maintainer: metadata.maintainer,
	'Installed-Size': String(installedSize),
	'Pre-Depends': definition['pre-depends'].join(', '),
	Depends: definition.depends.join(', '),
	Recommends: definition.recommends.join(', '),
	Suggests: definition.suggests.join(', '),
	Conflicts: definition.conflicts.join(', '),
	Breaks: definition.breaks.join(', '),
	Replaces: definition.replaces.join(', '),
	Provides: definition.provides.join(', '),
	Section: definition.section,
	Priority: definition.priority,
	Homepage: metadata.homepage,
	Description: toDescription(metadata.summary, metadata.description),
});
