import { toPurl } from '@slipway/core';
import { parseDebianVersion, toVersionWithoutEpoch } from './debian-version.ts';

/** The name of a package (Policy 5.6.1), no longer than a file name can hold it. */
export const PACKAGE_NAME = /^[a-z0-9][a-z0-9+.-]{1,127}$/;

/** The name of a package's file: the version stands in it without its epoch. @throws SlipwayError DEB_VERSION_INVALID */
export const toDebFileName = (name: string, version: string, architecture: string): string =>
	`${name}_${toVersionWithoutEpoch(parseDebianVersion(version))}_${architecture}.deb`;

/** The package URL of a .deb (purl-spec, type "deb"), the version with its epoch. */
export const toDebPurl = (name: string, version: string, architecture: string): string =>
	toPurl({ type: 'deb', name, version, qualifiers: { arch: architecture } });
