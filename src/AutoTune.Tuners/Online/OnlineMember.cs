namespace AutoTune;

/// <summary>A live model of an <see cref="OnlineTuner{TBatch, TOutput}"/>.</summary>
/// <param name="Id">Its number; the first is 0.</param>
/// <param name="Configuration">Its hyperparameters.</param>
/// <param name="Weight">Its share in the mixture; all are 1 together.</param>
/// <param name="Mean">Which mean of its weights speaks for it, of an <see cref="IAveragedModel{TBatch, TOutput}"/>; null: the last weights.</param>
/// <param name="Model">The model. It belongs to the tuner, and changes with the next batch.</param>
public sealed record OnlineMember<TBatch, TOutput>(int Id, Configuration Configuration, double Weight, int? Mean, IOnlineModel<TBatch, TOutput> Model);
