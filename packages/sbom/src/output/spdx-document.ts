import type { ExtractedLicence } from './licence-refs.ts';

/** The parts of SPDX 2.3 (spdx-schema.json) that are written. */
export interface SpdxChecksum {
	readonly algorithm: string;
	readonly checksumValue: string;
}

export interface SpdxPackage {
	readonly SPDXID: string;
	readonly name: string;
	readonly versionInfo: string;
	readonly packageFileName?: string;
	readonly supplier: string;
	readonly originator?: string;
	readonly downloadLocation: string;
	readonly filesAnalyzed: boolean;
	readonly packageVerificationCode?: { readonly packageVerificationCodeValue: string };
	readonly checksums?: readonly SpdxChecksum[];
	readonly homepage?: string;
	readonly licenseConcluded: string;
	readonly licenseDeclared: string;
	readonly licenseInfoFromFiles?: readonly string[];
	readonly copyrightText: string;
	readonly description?: string;
	readonly comment?: string;
	readonly externalRefs?: readonly {
		readonly referenceCategory: string;
		readonly referenceType: string;
		readonly referenceLocator: string;
	}[];
	readonly primaryPackagePurpose: string;
	readonly builtDate?: string;
}

export interface SpdxFile {
	readonly SPDXID: string;
	readonly fileName: string;
	readonly checksums: readonly SpdxChecksum[];
	readonly licenseConcluded: string;
	readonly licenseInfoInFiles: readonly string[];
	readonly copyrightText: string;
}

export interface SpdxRelationship {
	readonly spdxElementId: string;
	readonly relationshipType: string;
	readonly relatedSpdxElement: string;
}

export interface SpdxDocument {
	readonly spdxVersion: 'SPDX-2.3';
	readonly dataLicense: 'CC0-1.0';
	readonly SPDXID: string;
	readonly name: string;
	readonly documentNamespace: string;
	readonly creationInfo: {
		readonly created: string;
		readonly creators: readonly string[];
		readonly comment?: string;
	};
	readonly documentDescribes: readonly string[];
	readonly packages: readonly SpdxPackage[];
	readonly files?: readonly SpdxFile[];
	readonly hasExtractedLicensingInfos?: readonly ExtractedLicence[];
	readonly relationships: readonly SpdxRelationship[];
}
