import { ASN1Obj } from '@sigstore/core';

/** The length of a DER value (X.690 section 10.1): short form below 128, else the fewest bytes. */
const toLength = (length: number): Buffer => {
	if (length < 128) return Buffer.of(length);
	const bytes = Buffer.from(length.toString(16).padStart(8, '0'), 'hex');
	const first = bytes.findIndex((byte) => byte !== 0);
	return Buffer.concat([Buffer.of(0x80 | (4 - first)), bytes.subarray(first)]);
};

const FRACTION = /^(\d{14})\.\d{1,9}Z$/;

/** A DER value that gives back the bytes it was parsed from, where the library encodes every part of it anew. */
class FlatNode extends ASN1Obj {
	override toDER(): Buffer {
		return Buffer.concat([Buffer.of(this.tag.toDER()), toLength(this.value.length), this.value]);
	}

	/**
	 * A GeneralizedTime has as many digits of a second as it needs (RFC 3161 section 2.4.2: no zeros at the end); the
	 * library reads three or none, and fails for every tenth timestamp of an authority that counts milliseconds.
	 */
	override toDate(): Date {
		const found = this.tag.isGeneralizedTime() ? FRACTION.exec(this.value.toString('latin1')) : null;
		if (!found) return super.toDate();
		const whole = `${found[1]}Z`;
		return new ASN1Obj(this.tag, Buffer.from(whole), []).toDate();
	}
}

/** The same value; it must not be changed after. */
export const toFlat = (node: ASN1Obj): ASN1Obj => new FlatNode(node.tag, node.value, node.subs.map(toFlat));

/** A copy whose parts can be replaced. */
export const toOpen = (node: ASN1Obj, subs: readonly ASN1Obj[] = node.subs): ASN1Obj =>
	new ASN1Obj(node.tag, node.value, [...subs]);
