import { toStanza } from './deb822.ts';

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
