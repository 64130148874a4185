import { createHash } from 'node:crypto';
import type { Licence } from '../model/sbom.ts';

/** SPDX 2.3, section 10: a licence that is not on the list, under a name of this document. */
export interface ExtractedLicence {
	readonly licenseId: string;
	readonly name: string;
	readonly extractedText: string;
}

const REFERENCE = /LicenseRef-[A-Za-z0-9.-]+/g;

const toSlug = (text: string): string =>
	text
		.slice(0, 60)
		.replace(/[^A-Za-z0-9.]+/g, '-')
		.replace(/^-|-$/g, '');

const toReference = ({ name, text }: Extract<Licence, { kind: 'named' }>): ExtractedLicence => {
	const digest = createHash('sha256')
		.update(`${name}\0${text ?? ''}`)
		.digest('hex')
		.slice(0, 8);
	return {
		licenseId: `LicenseRef-${toSlug(name) || 'licence'}-${digest}`,
		name,
		extractedText: text ?? `The package states its licence in these words: ${name}`,
	};
};

/** Collects what the expressions of a document refer to and the licence list does not have. */
export class LicenceReferences {
	readonly #found = new Map<string, ExtractedLicence>();

	/** The licence as SPDX writes it: an expression, NOASSERTION where none is stated. */
	toExpression(licence: Licence | undefined): string {
		if (licence === undefined) return 'NOASSERTION';
		if (licence.kind === 'named') return this.#add(toReference(licence));
		// Another document's licence cannot be looked up from here (SPDX 2.3, 6.6).
		if (licence.expression.includes('DocumentRef-'))
			return this.#add(toReference({ kind: 'named', name: licence.expression }));
		for (const licenseId of licence.expression.match(REFERENCE) ?? [])
			this.#add({
				licenseId,
				name: licenseId,
				extractedText: `The package states its licence in these words: ${licence.expression}`,
			});
		return licence.expression;
	}

	toSorted(): readonly ExtractedLicence[] {
		return [...this.#found.values()].sort((a, b) => (a.licenseId < b.licenseId ? -1 : 1));
	}

	#add(licence: ExtractedLicence): string {
		if (!this.#found.has(licence.licenseId)) this.#found.set(licence.licenseId, licence);
		return licence.licenseId;
	}
}
