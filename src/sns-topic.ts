/** A topic of Amazon SNS, as its ARN names it: `arn:aws:sns:eu-west-1:123456789012:bounces`. */

export interface SnsTopic {
  readonly partition: string
  readonly region: string
}

const ARN = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:[\w-]{1,256}$/

/** Null when it is none. */
export function parseTopicArn(text: string): SnsTopic | null {
  const [, partition, region] = ARN.exec(text) ?? []
  return partition === undefined || region === undefined ? null : { partition, region }
}
