import type { Supplier } from '../model/sbom.ts';
import { parsePerson } from '../model/supplier.ts';

/** The Maintainer of a control file (Debian Policy 5.6.2): a person or a group, with an address. */
export const parseMaintainer = (text: string | undefined): Supplier | undefined => parsePerson(text);
