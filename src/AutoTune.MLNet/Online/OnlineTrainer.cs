using System.Collections.Immutable;
using AutoTune.MLNet;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace AutoTune;

/// <summary>A linear trainer of ML.NET that can go on from earlier weights, with what is adapted of it.</summary>
/// <remarks>
/// A batch is one pass of the trainer over its rows, in their order, at a constant learning rate and without averaging: between batches rate and averages would begin anew, and to
/// change the rate is the tuner's task. Immutable and thread-safe.
/// </remarks>
public sealed class OnlineTrainer
{
    private readonly Func<MLContext, Configuration?, Func<IDataView, LinearModelParameters?, IPredictionTransformer<LinearModelParameters>>> _fitting; // null: changes nothing
    private readonly Func<float, float, double> _loss;

    private OnlineTrainer(string kind, string label, string features, bool isBinary, SearchSpace space, Hyperparameter rate, Func<float, float, double> loss,
        Func<MLContext, Configuration?, Func<IDataView, LinearModelParameters?, IPredictionTransformer<LinearModelParameters>>> fitting)
        => (Kind, Label, Features, IsBinary, Space, Raised, _loss, _fitting) = (kind, label, features, isBinary, space, [rate], loss, fitting);

    /// <summary>What is adapted.</summary>
    public SearchSpace Space { get; }

    /// <summary>What it is, in words: a state goes on only with the same.</summary>
    internal string Kind { get; }

    internal string Label { get; }

    internal string Features { get; }

    internal bool IsBinary { get; }

    internal ImmutableArray<Hyperparameter> Raised { get; }

    /// <summary>Online gradient descent: linear regression.</summary>
    /// <param name="labelColumnName">The label column, of Single.</param>
    /// <param name="featureColumnName">The features column. Normalise the features, in the preparation.</param>
    /// <param name="learningRateLow">The smallest learning rate.</param>
    /// <param name="learningRateHigh">The largest learning rate.</param>
    /// <param name="lossFunction">What is learnt and measured; null: the squared error.</param>
    /// <param name="configure">Sets what is not adapted, last of all. Null: nothing.</param>
    /// <remarks>Adapted are the learning rate, on a log scale, beginning in the middle, and <c>L2Regularization</c>, from 1e-8 to 1e-2, beginning with 1e-6.</remarks>
    public static OnlineTrainer GradientDescent(string labelColumnName = "Label", string featureColumnName = "Features", double learningRateLow = 1e-5, double learningRateHigh = 1,
        IRegressionLoss? lossFunction = null, Action<OnlineGradientDescentTrainer.Options>? configure = null)
    {
        var loss = lossFunction ?? new SquaredLoss();
        return Of<OnlineGradientDescentTrainer.Options>(labelColumnName, featureColumnName, isBinary: false, learningRateLow, learningRateHigh, loss.Loss, configure, (ml, options) =>
        {
            options.LossFunction = loss;
            var trainer = ml.Regression.Trainers.OnlineGradientDescent(options);
            return (data, earlier) => earlier is null ? trainer.Fit(data) : trainer.Fit(data, earlier);
        });
    }

    /// <summary>The perceptron, without its averaging: a linear model of two classes.</summary>
    /// <param name="labelColumnName">The label column, of Boolean.</param>
    /// <param name="featureColumnName">The features column. Normalise the features, in the preparation.</param>
    /// <param name="learningRateLow">The smallest learning rate.</param>
    /// <param name="learningRateHigh">The largest learning rate.</param>
    /// <param name="lossFunction">What is learnt and measured; null: the logistic loss, which makes it logistic regression. ML.NET's own is the hinge loss, <c>new HingeLoss()</c>.</param>
    /// <param name="configure">Sets what is not adapted, last of all. Null: nothing.</param>
    /// <remarks>Adapted are the learning rate, on a log scale, beginning in the middle, and <c>L2Regularization</c>, from 1e-8 to 1e-2, beginning with 1e-6.</remarks>
    public static OnlineTrainer Perceptron(string labelColumnName = "Label", string featureColumnName = "Features", double learningRateLow = 1e-4, double learningRateHigh = 10,
        IClassificationLoss? lossFunction = null, Action<AveragedPerceptronTrainer.Options>? configure = null)
    {
        var loss = lossFunction ?? new LogLoss();
        return Of<AveragedPerceptronTrainer.Options>(labelColumnName, featureColumnName, isBinary: true, learningRateLow, learningRateHigh, loss.Loss, configure, (ml, options) =>
        {
            options.LossFunction = loss;
            var trainer = ml.BinaryClassification.Trainers.AveragedPerceptron(options);
            return (data, earlier) => earlier is null ? trainer.Fit(data) : trainer.Fit(data, earlier);
        });
    }

    internal double Loss(float score, float label) => _loss(score, label);

    /// <summary>What learns from a batch.</summary>
    internal Func<IDataView, LinearModelParameters?, LinearModelParameters> Fitting(MLContext context, Configuration configuration)
    {
        var fit = _fitting(context, configuration);
        return (data, earlier) => fit(data, earlier).Model;
    }

    /// <summary>Parameters of these weights; null if this ML.NET does not make them.</summary>
    internal LinearModelParameters? Parameters(MLContext context, float[] weights, float bias) => MlContextInternals.LinearOf(context, IsBinary, weights, bias);

    /// <summary>A transformer that predicts by these parameters: a pass over some rows at a learning rate that changes nothing.</summary>
    internal ITransformer Transformer(MLContext context, IDataView data, LinearModelParameters? parameters)
        => _fitting(context, null)(data, parameters);

    private static OnlineTrainer Of<TOptions>(string label, string features, bool isBinary, double low, double high, Func<float, float, double> loss, Action<TOptions>? configure,
        Func<MLContext, TOptions, Func<IDataView, LinearModelParameters?, IPredictionTransformer<LinearModelParameters>>> create)
        where TOptions : AveragedLinearOptions, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        ArgumentException.ThrowIfNullOrWhiteSpace(features);
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("LearningRate", low, high, Scale.Log);
        var decay = space.AddReal("L2Regularization", 1e-8, 1e-2, Scale.Log, defaultValue: 1e-6);
        var kind = $"{typeof(TOptions).DeclaringType?.Name ?? typeof(TOptions).Name} with {loss.Target?.GetType().Name ?? "a loss"} of '{label}' by '{features}'";
        return new OnlineTrainer(kind, label, features, isBinary, space.Build(), rate, loss, (ml, configuration) =>
        {
            var options = new TOptions
            {
                LearningRate = (float)(configuration?.Get(rate) ?? 1), L2Regularization = (float)(configuration?.Get(decay) ?? 0),
                DecreaseLearningRate = false, Averaged = false, NumberOfIterations = 1, Shuffle = false, LabelColumnName = label, FeatureColumnName = features,
            };
            configure?.Invoke(options);
            if (configuration is null) (options.LearningRate, options.L2Regularization) = (float.Epsilon, 0);
            return create(ml, options);
        });
    }
}
