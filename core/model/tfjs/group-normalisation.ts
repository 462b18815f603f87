/**
 * Group normalisation (Wu, He 2018) as a tf.js layer, which tf.js lacks; class name and settings are Keras 3's. Each image by
 * itself: mean and variance over its pixels and the channels of a group, then a factor and an offset for each channel.
 */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable } from '@tensorflow/tfjs-layers';

/** Keras's defaults: 32 groups, epsilon 0.001. */
interface GroupSettings {
  readonly name?: string;
  /** Must divide the channels, which are the last axis. */
  readonly groups?: number;
  readonly epsilon?: number;
}

export class GroupNormalization extends layers.Layer {
  static readonly className = 'GroupNormalization';
  readonly #settings: GroupSettings;
  #gamma: LayerVariable | undefined;
  #beta: LayerVariable | undefined;

  constructor(settings: GroupSettings) {
    super(settings.name === undefined ? {} : { name: settings.name });
    this.#settings = settings;
  }

  override build(inputShape: Parameters<layers.Layer['build']>[0]): void {
    const [first] = inputShape;
    const shape = [(Array.isArray(first) ? first : inputShape).at(-1) as number];
    this.#gamma = this.addWeight('gamma', shape, 'float32', initializers.ones());
    this.#beta = this.addWeight('beta', shape, 'float32', initializers.zeros());
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [input] = Array.isArray(inputs) ? inputs : [inputs];
    const { groups = 32, epsilon = 1e-3 } = this.#settings;
    return tf.tidy(() => {
      const [batch = 1] = input!.shape;
      const channels = input!.shape.at(-1)!;
      const positions = input!.size / (batch * channels);
      const grouped = tf.reshape(input!, [batch, positions, groups, channels / groups]);
      const { mean, variance } = tf.moments(grouped, [1, 3], true);
      const normal = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, epsilon)));
      return tf.add(tf.mul(tf.reshape(normal, input!.shape), this.#gamma!.read()), this.#beta!.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#settings };
  }
}

tf.serialization.registerClass(GroupNormalization);
