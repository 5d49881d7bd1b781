# Runs farringtonFlexible of the R package surveillance on the cases of one folder.
#
#   Rscript farrington_cases.R FOLDER
#
# FOLDER/cases.csv holds a row a case: case, freq, first (the first time point judged, from 1), b, w, noPeriods,
# past, pThresholdTrend, weightsThreshold, alpha, method, power, limitCases, limitPoints, offset, reweight, trend,
# dates (0, or 1 where the `t` of the series are days since 1970-01-01). FOLDER/series.csv holds case, t, y, pop.
# FOLDER/results.csv receives a row a case, form and time point; the form `corrected` is the package without the one
# line that overwrites the working weights.

suppressMessages(library(surveillance))
folder <- commandArgs(trailingOnly = TRUE)[1]
cases <- read.csv(file.path(folder, "cases.csv"), stringsAsFactors = FALSE)
series <- read.csv(file.path(folder, "series.csv"))

published <- getFromNamespace("algo.farrington.fitGLM.flexible", "surveillance")
corrected <- published
lines <- deparse(body(published))
at <- grep("model$weights <- omega", lines, fixed = TRUE)
stopifnot(length(at) == 1)
lines[at] <- "NULL"
body(corrected) <- parse(text = lines)[[1]]

run <- function(case, data) {
  n <- nrow(data)
  y <- matrix(data$y)
  pop <- matrix(if (case$offset) data$pop else 1, nrow = n)
  if (case$dates) {
    object <- sts(y, epoch = as.Date(data$t, origin = "1970-01-01"), frequency = case$freq, population = pop)
  } else {
    object <- sts(y, start = c(2000, 1), frequency = case$freq, population = pop)
  }
  control <- list(
    range = case$first:n, b = case$b, w = case$w, noPeriods = case$noPeriods, pastWeeksNotIncluded = case$past,
    pThresholdTrend = case$pThresholdTrend, weightsThreshold = case$weightsThreshold, alpha = case$alpha,
    thresholdMethod = case$method, powertrans = case$power, limit54 = c(case$limitCases, case$limitPoints),
    populationOffset = as.logical(case$offset), reweight = as.logical(case$reweight),
    trend = as.logical(case$trend), glmWarnings = FALSE
  )
  out <- suppressWarnings(farringtonFlexible(object, control))
  of <- function(name) as.vector(out@control[[name]])
  data.frame(
    case = case$case, t = case$first:n, upper = as.vector(out@upperbound), expected = of("expected"),
    score = of("score"), pvalue = of("pvalue"), phi = of("phiVector"), trend = of("trend"),
    slope = of("trendVector"), alarm = as.integer(out@alarm)
  )
}

results <- list()
for (form in c("compat", "corrected")) {
  assignInNamespace("algo.farrington.fitGLM.flexible", if (form == "compat") published else corrected, "surveillance")
  for (i in seq_len(nrow(cases))) {
    case <- cases[i, ]
    found <- tryCatch(run(case, series[series$case == case$case, ]), error = function(e) {
      message("case ", case$case, ": ", conditionMessage(e))
      NULL
    })
    if (!is.null(found)) results[[length(results) + 1]] <- cbind(form = form, found)
  }
}
results <- do.call(rbind, results)
numbers <- sapply(results, is.double)
results[numbers] <- lapply(results[numbers], function(x) ifelse(is.na(x), NA, sprintf("%.15g", x)))
write.csv(results, file.path(folder, "results.csv"), row.names = FALSE, quote = FALSE)
