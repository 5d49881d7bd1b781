# Times farringtonFlexible of the R package surveillance, with Noufaily's parameters, on the series of a file.
#
#   Rscript farrington_speed.R COUNTS.csv FIRST RESULT.csv
#
# COUNTS.csv has a column a series; points FIRST (from 1) to the last are judged. RESULT.csv receives the upper
# bounds in the same form; the seconds of processor time that the call took are printed.

suppressMessages(library(surveillance))
args <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(args[1], header = FALSE))
object <- sts(counts, start = c(2000, 1), frequency = 52)
control <- list(
  range = as.integer(args[2]):nrow(counts), b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26,
  pThresholdTrend = 1, weightsThreshold = 2.58, alpha = 0.05, glmWarnings = FALSE
)
took <- system.time(out <- farringtonFlexible(object, control))
write.table(
  matrix(sprintf("%.15g", out@upperbound), ncol = ncol(counts)), args[3],
  sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE
)
cat(sum(took[c("user.self", "sys.self")]), "\n")
